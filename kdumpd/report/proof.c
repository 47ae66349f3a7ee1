/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and keeping proofs: see proof.h. One record of name=value lines, the kind in
 * front of each name. Called by boot-check.c, kdumpctl test and rehearse, and status.
 */
#include "kdumpd/report/proof.h"

#include "base/io.h"
#include "kdumpd/fields.h"

#define PROOFS_MAX 8192

#define ITEM(kind, name, member, number) \
	KD_FIELD_AS(struct kd_proofs, name "." #member, kinds[kind].member, number)
#define KIND(kind, name)                                                        \
	ITEM(kind, name, at, true), ITEM(kind, name, passed, true),             \
		ITEM(kind, name, key, false), ITEM(kind, name, release, false), \
		ITEM(kind, name, dump, false), ITEM(kind, name, seconds, true), \
		ITEM(kind, name, detail, false)

static const struct kd_field items[] = {
	KIND(KD_PROOF_CRASH, "crash"),
	KIND(KD_PROOF_TEST, "test"),
	KIND(KD_PROOF_REHEARSAL, "rehearsal"),
};

static const struct kd_fields fields = { items, ARRAY_SIZE(items), PROOFS_MAX };

const char *kd_proof_name(enum kd_proof_kind kind)
{
	static const char *const names[KD_PROOF_KINDS] = { "crash", "test", "rehearsal" };

	return names[kind];
}

int kd_proofs_read(int root_fd, struct kd_proofs *ret, struct kd_error *err)
{
	struct kd_proofs p = { .kinds = { { .at = 0 } } };
	struct kd_error why = { 0 };
	int r = kd_fields_read(&fields, root_fd, KD_PROOF_PATH, &p, &why);

	if (r < 0 && r != -ENOENT) {
		if (err)
			*err = why;
		return r;
	}
	*ret = p;
	return 0;
}

int kd_proof_record(int root_fd, enum kd_proof_kind kind, const struct kd_proof *proof,
		    struct kd_error *err)
{
	struct kd_proofs p = { .kinds = { { .at = 0 } } };
	int r;

	(void)kd_proofs_read(root_fd, &p, NULL);
	p.kinds[kind] = *proof;
	r = kd_mkdir_p_at(root_fd, KD_LIB_DIR, 0700, err);
	if (r < 0)
		return r;
	return kd_fields_write(&fields, root_fd, KD_PROOF_PATH, &p, 0600, err);
}

int kd_proof_latest(const struct kd_proofs *proofs)
{
	int latest = -ENODATA;

	for (int i = 0; i < KD_PROOF_KINDS; i++)
		if (proofs->kinds[i].at &&
		    (latest < 0 || proofs->kinds[i].at > proofs->kinds[latest].at))
			latest = i;
	return latest;
}
