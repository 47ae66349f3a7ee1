/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mapping shared with children: see shared.h. Trusts nothing a child left behind.
 * Called by child.c, by the phases and, in children, by the work itself.
 */
#include "capture-kernel/shared.h"

#include <string.h>
#include <sys/mman.h>

#define END(text) ((text)[sizeof(text) - 1] = '\0')

int kd_shared_new(struct kd_shared **ret, struct kd_error *err)
{
	void *p = mmap(NULL, sizeof(struct kd_shared), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return kd_fail(err, -errno, "memory shared with children");
	*ret = p;
	return 0;
}

void kd_shared_free(struct kd_shared *s)
{
	if (s)
		(void)munmap(s, sizeof(*s));
}

void kd_shared_progress(struct kd_shared *s, const char *what, uint64_t done,
			uint64_t all)
{
	if (s->done == done && strncmp(s->what, what, sizeof(s->what) - 1) == 0)
		return;
	(void)snprintf(s->what, sizeof(s->what), "%s", what);
	s->done = done;
	s->all = all;
	__atomic_add_fetch(&s->beats, 1, __ATOMIC_RELEASE);
}

uint64_t kd_shared_beats(const struct kd_shared *s)
{
	return __atomic_load_n(&s->beats, __ATOMIC_ACQUIRE);
}

static void settle_outcome(struct kd_outcome *o)
{
	unsigned char flag;

	if ((unsigned int)o->state >= KD_OUTCOME_STATES)
		o->state = KD_OUTCOME_FAILED;
	/* a bool that is neither may be both, once a compiler has trusted it */
	memcpy(&flag, &o->test, sizeof(flag));
	o->test = flag == 1;
	memcpy(&flag, &o->crash_loop, sizeof(flag));
	o->crash_loop = flag == 1;
	END(o->arm_id);
	END(o->release);
	END(o->build_id);
	END(o->layout);
	END(o->target);
	END(o->dump_dir);
	END(o->sha256);
	END(o->boot_id);
	o->n_drivers = MIN(o->n_drivers, (size_t)KD_OUTCOME_DRIVERS);
	for (size_t i = 0; i < o->n_drivers; i++)
		END(o->drivers[i]);
	o->n_phases = MIN(o->n_phases, (size_t)KD_OUTCOME_PHASES);
	o->n_classes = MIN(o->n_classes, (size_t)KD_OUTCOME_CLASSES);
	o->n_notes = MIN(o->n_notes, (size_t)KD_OUTCOME_NOTES);
	for (size_t i = 0; i < o->n_phases; i++) {
		END(o->phases[i].name);
		END(o->phases[i].message);
	}
	for (size_t i = 0; i < o->n_classes; i++)
		END(o->classes[i].name);
	for (size_t i = 0; i < o->n_notes; i++)
		END(o->notes[i]);
}

void kd_shared_settle(struct kd_shared *s)
{
	END(s->what);
	END(s->err.message);
	END(s->device);
	END(s->host);
	if (s->err.code > 0)
		s->err.code = -EPROTO;
	settle_outcome(&s->outcome);
}
