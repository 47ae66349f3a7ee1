/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's loop: see manager.h. Nothing in it waits: there is no watchdog to feed,
 * which would wake an idle machine; what can hang is the worker, and that has a time
 * limit. Trusts the service manager's environment.
 */
#include "kdumpd/manager.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/io.h"
#include "kdumpd/arm/hardware.h"
#include "kdumpd/arm/marker.h"
#include "kdumpd/bus-connection.h"
#include "kdumpd/config-watch.h"
#include "kdumpd/hotplug.h"
#include "kdumpd/queue.h"
#include "kdumpd/schedule.h"
#include "kdumpd/shutdown.h"
#include "kexec/host/facts.h"

/**
 * @current, @n_current: whom the work under way is for; nobody when the daemon wants it
 * @doing:    what that is
 * @timer:    set to what is due in @schedule
 * @ready:    the service manager was told
 * @stopping: SIGTERM came
 */
struct manager {
	const struct kd_manager_options *options;
	sd_event *event;
	sd_event_source *timer;
	struct kd_worker worker;
	struct kd_queue queue;
	struct kd_schedule schedule;
	struct kd_hotplug hotplug;
	struct kd_config_watch watch;
	struct kd_bus bus;
	struct kd_request current[KD_QUEUE_MAX];
	size_t n_current;
	enum kd_work doing;
	bool ready, stopping;
	int root_fd;
};

static const struct kd_log *log_of(const struct manager *m)
{
	return m->options->log;
}

static void tell(const struct kd_request *whom, size_t n, enum kd_work_end end,
		 const char *text, size_t size)
{
	for (size_t i = 0; i < n; i++)
		if (whom[i].done)
			whom[i].done(whom[i].context, end, text, size);
}

/* Whoever waits for the work that has ended; they may ask for more. */
static void answer(struct manager *m, enum kd_work_end end, const char *text, size_t size)
{
	struct kd_request whom[KD_QUEUE_MAX];
	size_t n = m->n_current;

	memcpy(whom, m->current, n * sizeof(whom[0]));
	m->n_current = 0;
	tell(whom, n, end, text, size);
}

static void send_away(struct manager *m)
{
	static const char text[] = "the service is being stopped";
	struct kd_request whom[KD_QUEUE_MAX];

	while (m->queue.n)
		tell(whom, kd_queue_take(&m->queue, whom), KD_WORK_FAILED, text,
		     sizeof(text) - 1);
}

static void manager_done(struct manager *m)
{
	answer(m, KD_WORK_KILLED, "", 0);
	send_away(m);
	kd_bus_done(&m->bus);
	kd_hotplug_done(&m->hotplug);
	kd_config_watch_done(&m->watch);
	kd_worker_done(&m->worker);
	sd_event_source_unref(m->timer);
	sd_event_unref(m->event);
	m->root_fd = kd_close(m->root_fd);
}

static uint64_t now_usec(const struct manager *m)
{
	uint64_t now = 0;

	(void)sd_event_now(m->event, CLOCK_MONOTONIC, &now);
	return now;
}

/* The status line, from what anybody could read: never from what we believe. */
static void tell_status(struct manager *m)
{
	struct kd_state state;
	bool known = kd_state_read(m->root_fd, &state, NULL) >= 0;
	bool loaded = kd_kexec_crash_loaded(m->root_fd) > 0;

	if (!loaded)
		(void)sd_notifyf(0, "STATUS=not armed%s%s",
				 known && state.error[0] ? ": " : "",
				 known ? state.error : "");
	else if (!known)
		(void)sd_notify(0,
				"STATUS=a capture kernel is loaded, but not by kdumpd");
	else
		(void)sd_notifyf(
			0, "STATUS=armed: %s to %s%s%s", state.release, state.target,
			state.error[0] ? "; last attempt failed: " : "", state.error);
	kd_bus_changed(&m->bus);
}

static bool is_arming(enum kd_work work)
{
	return work == KD_WORK_ARM || work == KD_WORK_REBUILD;
}

static void begin(struct manager *m, enum kd_work work)
{
	int r;

	m->doing = work;
	if (is_arming(work) || work == KD_WORK_DISARM)
		kd_schedule_start(&m->schedule);
	r = kd_worker_start(&m->worker, work);
	if (r >= 0)
		return;
	kd_log(log_of(m), KD_LOG_ERROR, "%s: %s", m->options->worker, strerror(-r));
	answer(m, KD_WORK_FAILED, strerror(-r), strlen(strerror(-r)));
	if (is_arming(work))
		(void)kd_schedule_add(&m->schedule, KD_OCCASION_KILLED, now_usec(m));
	if (!m->ready || m->stopping)
		(void)sd_event_exit(m->event, EXIT_FAILURE);
}

/* Hardware events are many and mostly of no consequence; a header that is still true, or
 * that the kernel has brought up to date, is left alone. */
static bool is_stale(const struct manager *m)
{
	struct kd_hardware now;
	struct kd_state state;

	if (kd_state_read(m->root_fd, &state, NULL) < 0 || !state.boot_id[0])
		return false;
	kd_hardware_read(m->root_fd, kd_arm_iomem_fd(), &now);
	return kd_hardware_changed(&state, &now);
}

/* Arms when that is due and, if it is for hardware's sake, of use. */
static void do_what_is_due(struct manager *m, uint64_t now)
{
	bool needed;

	if (kd_schedule_due(&m->schedule) > now)
		return;
	needed = m->schedule.retry <= now || is_stale(m);
	kd_schedule_start(&m->schedule);
	if (needed)
		begin(m, KD_WORK_ARM);
}

/* Begins what is next, if nothing is under way, and sets the timer for what is later. */
static void go_on(struct manager *m)
{
	uint64_t due;

	while (m->queue.n && !kd_worker_busy(&m->worker)) {
		m->n_current = kd_queue_take(&m->queue, m->current);
		begin(m, m->current[0].work);
	}
	if (!kd_worker_busy(&m->worker))
		do_what_is_due(m, now_usec(m));
	if (kd_worker_busy(&m->worker))
		return;
	due = kd_schedule_due(&m->schedule);
	(void)sd_event_source_set_time(m->timer, due);
	(void)sd_event_source_set_enabled(
		m->timer, due == KD_SCHEDULE_NEVER ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	go_on(userdata);
	return 0;
}

static void was_killed(struct manager *m)
{
	bool again = !is_arming(m->doing) || m->stopping ||
		     kd_schedule_add(&m->schedule, KD_OCCASION_KILLED, now_usec(m));

	kd_log(log_of(m), KD_LOG_ERROR, "%s: killed, or not done after 90 s%s",
	       kd_work_name(m->doing), again ? "" : "; too often, giving up");
	if (!again && !m->ready)
		(void)sd_event_exit(m->event, EXIT_FAILURE);
}

/* The first arming decides whether the service has started. */
static void tell_ready(struct manager *m, enum kd_work_end end)
{
	if (m->ready || m->doing != KD_WORK_ARM || end == KD_WORK_KILLED)
		return;
	if (end == KD_WORK_FAILED) {
		(void)sd_event_exit(m->event, EXIT_FAILURE);
		return;
	}
	m->ready = true;
	(void)sd_notify(0, "READY=1");
}

static void on_worker_ended(void *context, enum kd_work_end end, const char *text,
			    size_t size)
{
	struct manager *m = context;

	if (end == KD_WORK_KILLED)
		was_killed(m);
	else if (end == KD_WORK_DONE && is_arming(m->doing))
		kd_schedule_end(&m->schedule);
	tell_status(m);
	answer(m, end, text, size);
	if (!m->stopping)
		tell_ready(m, end);
	go_on(m);
}

static void on_hotplug(void *context)
{
	struct manager *m = context;

	(void)kd_schedule_add(&m->schedule, KD_OCCASION_HOTPLUG, now_usec(m));
	go_on(m);
}

/* Arming is for whoever edits to ask for; that it is due is told. */
static void on_config(void *context)
{
	struct manager *m = context;

	kd_bus_changed(&m->bus);
}

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *si,
		     void *userdata)
{
	const struct kd_request request = { .work = KD_WORK_ARM };
	struct manager *m = userdata;

	(void)source;
	(void)si;
	(void)kd_queue_add(&m->queue, &request); /* a full one has an arming in it */
	go_on(m);
	return 0;
}

static void on_disarmed(void *context, enum kd_work_end end, const char *text,
			size_t size)
{
	struct manager *m = context;

	(void)text;
	(void)size;
	(void)sd_event_exit(m->event, end == KD_WORK_DONE ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* For the next boot to know that this one did not crash. */
static void mark_shutdown(const struct manager *m)
{
	struct kd_error err = { 0 };

	if (kd_marker_shutdown(m->root_fd, (uint64_t)time(NULL), &err) < 0)
		kd_log(log_of(m), KD_LOG_WARNING, "%s", err.message);
}

/* Stopping the service disarms; the machine's own shutdown must not: it can crash too. */
static int on_terminate(sd_event_source *source, const struct signalfd_siginfo *si,
			void *userdata)
{
	struct manager *m = userdata;
	const struct kd_request disarm = { KD_WORK_DISARM, on_disarmed, m };

	(void)source;
	(void)si;
	if (m->stopping)
		return 0;
	(void)sd_notify(0, "STOPPING=1");
	if (kd_is_shutdown()) {
		mark_shutdown(m);
		return sd_event_exit(m->event, EXIT_SUCCESS);
	}
	m->stopping = true;
	send_away(m);
	(void)kd_queue_add(&m->queue, &disarm);
	kd_worker_kill(&m->worker); /* drops its lock */
	go_on(m);
	return 0;
}

/* Whoever arms holds the lock: a process that died in the middle of it closes the file,
 * and leaves an unfinished state. */
static int on_run_change(sd_event_source *source, const struct inotify_event *event,
			 void *userdata)
{
	struct manager *m = userdata;

	(void)source;
	if (!event->len)
		return 0;
	if (strcmp(event->name, "state") == 0)
		tell_status(m);
	if (strcmp(event->name, KD_STATE_ROOM) == 0)
		kd_bus_changed(&m->bus);
	if (strcmp(event->name, "lock") != 0 || !kd_state_unfinished(m->root_fd) ||
	    (kd_worker_busy(&m->worker) && is_arming(m->doing)))
		return 0;
	(void)kd_schedule_add(&m->schedule, KD_OCCASION_KILLED, now_usec(m));
	go_on(m);
	return 0;
}

static void summary(void *context, struct kd_summary *ret)
{
	const struct manager *m = context;

	kd_summary_read(m->root_fd, ret);
}

static int request(void *context, const struct kd_request *what)
{
	struct manager *m = context;
	int r = m->stopping ? -ENOBUFS : kd_queue_add(&m->queue, what);

	if (r >= 0)
		go_on(m);
	return r;
}

/* What the daemon can do without is told of when it fails. */
static void add_ears(struct manager *m)
{
	static const struct kd_bus_ops ops = { .summary = summary, .request = request };
	int r;

	r = kd_hotplug_init(&m->hotplug, m->event, on_hotplug, m);
	if (r < 0)
		kd_log(log_of(m), KD_LOG_WARNING,
		       "hardware that comes or goes will not be noticed: %s",
		       strerror(-r));
	r = kd_config_watch_init(&m->watch, m->event, m->root_fd, on_config, m);
	if (r < 0)
		kd_log(log_of(m), KD_LOG_WARNING,
		       "edits of the configuration will not be told on the bus: %s",
		       strerror(-r));
	m->bus.object = (struct kd_bus_object) { .ops = &ops, .context = m };
	r = kd_bus_init(&m->bus, m->event, KD_BUS_ADDRESS, log_of(m));
	if (r < 0)
		kd_log(log_of(m), KD_LOG_WARNING, "D-Bus: %s", strerror(-r));
}

static int block_signals(void)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGHUP);
	(void)sigaddset(&mask, SIGCHLD);
	return sigprocmask(SIG_BLOCK, &mask, NULL) < 0 ? -errno : 0;
}

static int add_sources(struct manager *m)
{
	int r;

	r = sd_event_add_signal(m->event, NULL, SIGTERM, on_terminate, m);
	if (r >= 0)
		r = sd_event_add_signal(m->event, NULL, SIGHUP, on_hangup, m);
	if (r >= 0)
		r = sd_event_add_inotify(m->event, NULL, "/" KD_STATE_DIR,
					 IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE,
					 on_run_change, m);
	if (r >= 0)
		r = sd_event_add_time(m->event, &m->timer, CLOCK_MONOTONIC, UINT64_MAX, 0,
				      on_timer, m);
	return r < 0 ? r : sd_event_source_set_enabled(m->timer, SD_EVENT_OFF);
}

static int manager_init(struct manager *m)
{
	const struct kd_request first = { .work = KD_WORK_ARM };
	int r;

	r = block_signals();
	if (r < 0)
		return r;
	m->root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m->root_fd < 0)
		return -errno;
	kd_schedule_init(&m->schedule);
	r = kd_mkdir_p_at(m->root_fd, KD_STATE_DIR, 0755, NULL);
	if (r >= 0)
		r = sd_event_new(&m->event);
	if (r >= 0)
		r = add_sources(m);
	if (r < 0)
		return r;
	kd_worker_init(&m->worker, m->event, on_worker_ended, m);
	m->worker.program = m->options->worker;
	m->worker.init = m->options->init;
	add_ears(m);
	(void)kd_queue_add(&m->queue, &first);
	go_on(m);
	return 0;
}

int kd_manager_run(const struct kd_manager_options *options)
{
	_cleanup_(manager_done) struct manager m = { .options = options,
						     .root_fd = -EBADF,
						     .worker.pipe = -EBADF };
	int r;

	r = manager_init(&m);
	if (r >= 0)
		r = sd_event_loop(m.event);
	if (r < 0) {
		kd_log(options->log, KD_LOG_ERROR, "event loop: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	return r;
}
