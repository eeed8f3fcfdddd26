// SPDX-License-Identifier: MIT
#include "storage/readers/confine.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Limits of one reader: untrusted files, section 8. Its time is limited by whoever waits for it;
   the hour is for one that nobody waits for. */
static const rlim_t ADDRESS_SPACE_BYTES = (rlim_t)2 << 30;
static const rlim_t CPU_SECONDS = 3600;

#if defined(__x86_64__)
#define FILTER_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#else
#define FILTER_ARCH 0u /* nobody has tried the filter there, so there is none */
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define IS_INSTRUMENTED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_INSTRUMENTED 1
#endif
#ifndef IS_INSTRUMENTED
#define IS_INSTRUMENTED 0
#endif

bool confine_is_instrumented(void)
{
	return IS_INSTRUMENTED;
}

static bool limit(int resource, rlim_t value)
{
	struct rlimit limits = { value, value };
	return setrlimit((__rlimit_resource_t)resource, &limits) == 0;
}

/* A limit that is lower already stays as it is, so nothing is said of those that cannot be set. */
static void limit_all(void)
{
	limit(RLIMIT_AS, ADDRESS_SPACE_BYTES);
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NPROC, 0);
	limit(RLIMIT_CORE, 0);
}

/* Debian 12's headers are older than most kernels: what they know of Landlock is written here. */
enum {
	LANDLOCK_CREATE_RULESET = 444,
	LANDLOCK_RESTRICT_SELF = 446,
	LANDLOCK_ASK_VERSION = 1,
};

struct landlock_rules {
	uint64_t files, network, scopes;
};

/** All rights that a version of Landlock knows how to take away. */
static struct landlock_rules landlock_all(long version)
{
	static const unsigned file_rights[] = { 13, 14, 15, 15, 16 }; /* versions 1 to 5 */
	size_t known = sizeof file_rights / sizeof *file_rights;
	size_t i = (size_t)version < known ? (size_t)version - 1 : known - 1;
	return (struct landlock_rules){
		.files = (UINT64_C(1) << file_rights[i]) - 1,
		.network = version >= 4 ? 3 : 0, /* binding, connecting */
		.scopes = version >= 6 ? 3 : 0,  /* abstract sockets, signals */
	};
}

static size_t landlock_rules_size(long version)
{
	return version >= 6 ? 24 : version >= 4 ? 16 : 8;
}

static long landlock_version(void)
{
	return syscall(LANDLOCK_CREATE_RULESET, NULL, 0, LANDLOCK_ASK_VERSION);
}

static bool landlock_self(void)
{
	long version = landlock_version();
	if (version < 1)
		return false;
	struct landlock_rules rules = landlock_all(version);
	long fd = syscall(LANDLOCK_CREATE_RULESET, &rules, landlock_rules_size(version), 0);
	if (fd < 0)
		return false;
	bool is_done = syscall(LANDLOCK_RESTRICT_SELF, (int)fd, 0) == 0;
	close((int)fd);
	return is_done;
}

/* The most frequent first. Descriptors come from outside, and are only read. */
static const unsigned allowed_calls[] = {
	SYS_pread64,
	SYS_close,
	SYS_fadvise64,
	SYS_write,
	SYS_recvmsg,
	SYS_read,
	SYS_lseek,
	SYS_munmap,
	SYS_brk,
	SYS_mremap,
	SYS_madvise,
	SYS_futex,
	SYS_clock_gettime,
	SYS_getrandom,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
	/* abort() says by what a reader died; the kill itself is looked at below. */
	SYS_rt_sigprocmask,
	SYS_gettid,
	SYS_getpid,
};

enum {
	N_ALLOWED = sizeof allowed_calls / sizeof *allowed_calls,
	FILTER_MAX = 2 * N_ALLOWED + 32,
};

struct filter {
	struct sock_filter steps[FILTER_MAX];
	unsigned short n;
};

static void add(struct filter *filter, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	filter->steps[filter->n++] = (struct sock_filter){ code, if_true, if_false, k };
}

static void add_load(struct filter *filter, size_t offset)
{
	add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void add_return(struct filter *filter, uint32_t action)
{
	add(filter, BPF_RET | BPF_K, action, 0, 0);
}

/** The low half of an argument; both machines are little-endian. */
static size_t argument(unsigned i)
{
	return offsetof(struct seccomp_data, args) + i * sizeof(uint64_t);
}

/** Memory may be had, but none that can be run. */
static void add_without_exec(struct filter *filter, uint32_t call)
{
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
	add_load(filter, argument(2));
	add(filter, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
	add_return(filter, SECCOMP_RET_KILL_PROCESS);
	add_return(filter, SECCOMP_RET_ALLOW);
}

/** Signals go to itself alone. */
static void add_own_signals(struct filter *filter)
{
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4);
	add_load(filter, argument(0));
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 1, 0);
	add_return(filter, SECCOMP_RET_KILL_PROCESS);
	add_return(filter, SECCOMP_RET_ALLOW);
}

static void fill_filter(struct filter *filter)
{
	add_load(filter, offsetof(struct seccomp_data, arch));
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, FILTER_ARCH, 1, 0);
	add_return(filter, SECCOMP_RET_KILL_PROCESS);
	add_load(filter, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < N_ALLOWED; i++) {
		add(filter, BPF_JMP | BPF_JEQ | BPF_K, allowed_calls[i], 0, 1);
		add_return(filter, SECCOMP_RET_ALLOW);
	}
	add_without_exec(filter, SYS_mmap);
	add_without_exec(filter, SYS_mprotect);
	add_own_signals(filter);
	add_return(filter, SECCOMP_RET_KILL_PROCESS);
}

static bool filter_self(void)
{
	struct filter filter = { .n = 0 };
	if (FILTER_ARCH == 0)
		return false;
	fill_filter(&filter);
	struct sock_fprog program = { filter.n, filter.steps };
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

struct confinement confine_self(void)
{
	struct confinement walls = { 0 };
	if (confine_is_instrumented())
		return walls;
	limit_all();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0) {
		walls.has_landlock = landlock_self();
		walls.has_filter = filter_self();
	}
	return walls;
}
