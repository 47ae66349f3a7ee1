/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows boot_params in the params segment: see x86.h. Trusts the layout it made
 * itself, and the host's counts to be of arrays that exist.
 */
#include <string.h>

#include "base/le.h"
#include "base/zero.h"
#include "kexec/plan/x86.h"

/* struct setup_data: u64 next, u32 type, u32 len, then the data; types of enum
 * setup_data_type, arch/x86/include/uapi/asm/setup_data.h */
#define HEADER	       16
#define SETUP_E820_EXT 1
#define SETUP_EFI      4
#define SETUP_RNG_SEED 9

/* struct efi_setup_data: fw_vendor, runtime (unused since 5.7), tables, smbios, and
 * reserved[8]; arch/x86/include/asm/efi.h */
#define EFI_DATA (12 * 8)

/* efi_memory_desc_t, include/linux/efi.h */
#define EFI_DESCRIPTOR 40

/* struct efi_info in boot_params begins with the loader's signature: a 32-bit firmware's
 * tables ("EL32") are of no use to a 64-bit kernel that did not set them up. */
#define EFI_SIGNATURE 0x1c0

static bool takes_efi(const struct kd_x86_params *p)
{
	const struct kd_kexec_host *host = p->host;

	return p->image->efi && host->efi.present && host->efi.n_maps > 0 &&
	       host->has_boot_params &&
	       memcmp(host->boot_params + EFI_SIGNATURE, "EL64", 4) == 0;
}

static uint64_t e820_rest(const struct kd_x86_params *p)
{
	return p->map->n > KD_X86_E820_MAX ? p->map->n - KD_X86_E820_MAX : 0;
}

/* Give @size bytes a place behind all others. */
static uint64_t append(struct kd_x86_layout *l, uint64_t size)
{
	uint64_t at = kd_align_up(l->size, 16);

	l->size = at + size;
	return at;
}

void kd_x86_layout(struct kd_x86_params *p)
{
	struct kd_x86_layout l = { .size = KD_BOOT_PARAMS_SIZE };

	l.cmdline = append(&l, strlen(p->cmdline) + 1);
	if (takes_efi(p)) {
		l.efi_size = p->host->efi.n_maps * EFI_DESCRIPTOR;
		l.efi_map = append(&l, l.efi_size);
		l.efi = append(&l, HEADER + EFI_DATA);
	}
	if (e820_rest(p))
		l.e820 = append(&l, HEADER + e820_rest(p) * KD_X86_E820_SIZE);
	if (!kd_page_is_zero(p->seed, KD_KEXEC_SEED_SIZE))
		l.seed = append(&l, HEADER + KD_KEXEC_SEED_SIZE);
	p->layout = l;
}

static void write_efi_map(const struct kd_host_efi *efi, uint8_t *out)
{
	for (size_t i = 0; i < efi->n_maps; i++, out += EFI_DESCRIPTOR) {
		const struct kd_host_efi_map *m = &efi->maps[i];

		kd_put_le32(out, m->type);
		kd_put_le64(out + 8, m->physical);
		kd_put_le64(out + 16, m->virtual);
		kd_put_le64(out + 24, m->pages);
		kd_put_le64(out + 32, m->attribute);
	}
}

static void write_efi_data(const struct kd_host_efi *efi, uint8_t *out)
{
	kd_put_le64(out, efi->fw_vendor);
	kd_put_le64(out + 8, efi->runtime);
	kd_put_le64(out + 16, efi->config_table);
	kd_put_le64(out + 24, efi->smbios);
}

/* Put an entry in front of the chain. Returns where its data goes. */
static uint8_t *link_entry(uint8_t *entry, uint32_t type, uint64_t length, uint64_t next)
{
	kd_put_le64(entry, next);
	kd_put_le32(entry + 8, type);
	kd_put_le32(entry + 12, (uint32_t)length);
	return entry + HEADER;
}

uint64_t kd_x86_setup_data(const struct kd_x86_params *p, uint8_t *buf)
{
	const struct kd_x86_layout *l = &p->layout;
	uint64_t chain = 0;
	uint8_t *data;

	memcpy(buf + l->cmdline, p->cmdline, strlen(p->cmdline) + 1);
	if (l->seed) {
		data = link_entry(buf + l->seed, SETUP_RNG_SEED, KD_KEXEC_SEED_SIZE,
				  chain);
		memcpy(data, p->seed, KD_KEXEC_SEED_SIZE);
		chain = p->base + l->seed;
	}
	if (l->e820) {
		data = link_entry(buf + l->e820, SETUP_E820_EXT,
				  e820_rest(p) * KD_X86_E820_SIZE, chain);
		kd_x86_e820_write(p->map, KD_X86_E820_MAX, e820_rest(p), data);
		chain = p->base + l->e820;
	}
	if (l->efi) {
		data = link_entry(buf + l->efi, SETUP_EFI, EFI_DATA, chain);
		write_efi_data(&p->host->efi, data);
		write_efi_map(&p->host->efi, buf + l->efi_map);
		chain = p->base + l->efi;
	}
	return chain;
}
