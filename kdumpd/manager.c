/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's loop: see manager.h. The work is done in a child, so that the watchdog
 * is fed meanwhile and a crash in a parser costs one arming; the kernel's kexec lock and
 * ours keep two from meeting. Trusts the service manager's environment.
 */
#include "kdumpd/manager.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/io.h"
#include "kdumpd/arm/arm-report.h"
#include "kdumpd/arm/marker.h"

/* An arming takes a second or two, software emulation included. */
#define WORKER_TIMEOUT_USEC (90ull * 1000 * 1000)

/**
 * @worker, @timeout: while an arming is under way; NULL otherwise
 * @again:  it was asked for once more meanwhile
 * @ready:  the service manager was told
 */
struct manager {
	const char *init;
	const struct kd_log *log;
	sd_event *event;
	sd_event_source *worker, *timeout;
	pid_t pid;
	bool again, ready;
	int root_fd;
};

static int start_worker(struct manager *m);

static void manager_done(struct manager *m)
{
	if (m->worker)
		(void)kill(m->pid, SIGTERM);
	sd_event_source_unref(m->worker);
	sd_event_source_unref(m->timeout);
	sd_event_unref(m->event);
	m->root_fd = kd_close(m->root_fd);
}

int kd_manager_arm_once(const char *init, const struct kd_log *log)
{
	_cleanup_(kd_arm_result_done) struct kd_arm_result result;
	_cleanup_(kd_closep) int root_fd = -EBADF;
	struct kd_arm_request request = { .iomem_fd = kd_arm_iomem_fd(),
					  .backend = kd_linux_real(),
					  .init = init };
	struct kd_error err = { 0 };
	int r;

	kd_arm_result_init(&result);
	root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		kd_log(log, KD_LOG_ERROR, "/: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	request.root_fd = root_fd;
	r = kd_arm(&request, &result, &err);
	kd_arm_report(log, &result, r, &err);
	if (r < 0)
		return EXIT_FAILURE;
	kd_log(log, KD_LOG_INFO, "%s: %s to %s", result.already ? "still armed" : "armed",
	       result.state.release, result.state.target);
	return EXIT_SUCCESS;
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
}

static void forget_worker(struct manager *m)
{
	m->worker = sd_event_source_unref(m->worker);
	m->timeout = sd_event_source_unref(m->timeout);
	m->pid = 0;
}

static int on_worker_end(sd_event_source *source, const siginfo_t *si, void *userdata)
{
	bool armed = si->si_code == CLD_EXITED && si->si_status == EXIT_SUCCESS;
	struct manager *m = userdata;

	(void)source;
	if (si->si_code != CLD_EXITED)
		kd_log(m->log, KD_LOG_ERROR, "the arming process was killed by signal %d",
		       si->si_status);
	forget_worker(m);
	tell_status(m);
	if (m->again) {
		m->again = false;
		return start_worker(m);
	}
	if (m->ready)
		return 0;
	if (!armed)
		return sd_event_exit(m->event, EXIT_FAILURE);
	m->ready = true;
	(void)sd_notify(0, "READY=1");
	return 0;
}

static int on_worker_timeout(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct manager *m = userdata;

	(void)source;
	(void)usec;
	kd_log(m->log, KD_LOG_ERROR, "arming takes longer than 90 s, giving up");
	(void)kill(m->pid, SIGKILL); /* on_worker_end() follows */
	return 0;
}

static int start_worker(struct manager *m)
{
	sigset_t none;
	int r;

	if (m->worker) {
		m->again = true;
		return 0;
	}
	m->pid = fork();
	if (m->pid < 0)
		return -errno;
	if (m->pid == 0) {
		(void)sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		(void)unsetenv("NOTIFY_SOCKET");
		_exit(kd_manager_arm_once(m->init, m->log));
	}
	r = sd_event_add_child(m->event, &m->worker, m->pid, WEXITED, on_worker_end, m);
	if (r < 0)
		return r;
	return sd_event_add_time_relative(m->event, &m->timeout, CLOCK_MONOTONIC,
					  WORKER_TIMEOUT_USEC, 0, on_worker_timeout, m);
}

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *si,
		     void *userdata)
{
	(void)source;
	(void)si;
	return start_worker(userdata);
}

/* Stopping the service disarms; the machine's own shutdown must not: it can crash too. */
static bool is_shutdown(void)
{
	_cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
	_cleanup_(kd_freep) char *state = NULL;

	if (sd_bus_open_system(&bus) < 0 ||
	    sd_bus_get_property_string(
		    bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
		    "org.freedesktop.systemd1.Manager", "SystemState", NULL, &state) < 0)
		return true; /* nobody to ask: stay armed */
	return strcmp(state, "stopping") == 0;
}

static int on_terminate(sd_event_source *source, const struct signalfd_siginfo *si,
			void *userdata)
{
	struct manager *m = userdata;
	const struct kd_arm_request request = { .root_fd = m->root_fd,
						.backend = kd_linux_real() };
	struct kd_error err = { 0 };

	(void)source;
	(void)si;
	(void)sd_notify(0, "STOPPING=1");
	if (is_shutdown()) {
		if (kd_marker_shutdown(m->root_fd, (uint64_t)time(NULL), &err) < 0)
			kd_log(m->log, KD_LOG_WARNING, "%s", err.message);
		return sd_event_exit(m->event, EXIT_SUCCESS);
	}
	if (m->worker)
		(void)kill(m->pid, SIGKILL); /* drops its lock */
	if (kd_disarm(&request, &err) < 0) {
		kd_log(m->log, KD_LOG_ERROR, "%s", err.message);
		return sd_event_exit(m->event, EXIT_FAILURE);
	}
	kd_log(m->log, KD_LOG_INFO, "disarmed");
	return sd_event_exit(m->event, EXIT_SUCCESS);
}

static int on_state_change(sd_event_source *source, const struct inotify_event *event,
			   void *userdata)
{
	(void)source;
	if (event->len && strcmp(event->name, "state") == 0)
		tell_status(userdata);
	return 0;
}

static int manager_init(struct manager *m)
{
	sigset_t mask;
	int r;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGHUP);
	(void)sigaddset(&mask, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		return -errno;
	m->root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m->root_fd < 0)
		return -errno;
	r = kd_mkdir_p_at(m->root_fd, KD_STATE_DIR, 0755, NULL);
	if (r >= 0)
		r = sd_event_new(&m->event);
	if (r >= 0)
		r = sd_event_set_watchdog(m->event, 1);
	if (r >= 0)
		r = sd_event_add_signal(m->event, NULL, SIGTERM, on_terminate, m);
	if (r >= 0)
		r = sd_event_add_signal(m->event, NULL, SIGHUP, on_hangup, m);
	if (r >= 0)
		r = sd_event_add_inotify(m->event, NULL, "/" KD_STATE_DIR,
					 IN_MOVED_TO | IN_DELETE, on_state_change, m);
	if (r >= 0)
		r = start_worker(m);
	return r < 0 ? r : 0;
}

int kd_manager_run(const char *init, const struct kd_log *log)
{
	_cleanup_(manager_done) struct manager m = { .init = init,
						     .log = log,
						     .root_fd = -EBADF };
	int r;

	r = manager_init(&m);
	if (r >= 0)
		r = sd_event_loop(m.event);
	if (r < 0) {
		kd_log(log, KD_LOG_ERROR, "event loop: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	return r;
}
