/* What libslirp needs of glib, and no more: memory that cannot run out, assertions, strings.
 *
 * Messages are dropped: nobody reads them in a process that has nothing to write to. No program is
 * run and no file opened, whoever asks. */
#ifndef SLIRP_HOST_GLIB_H
#define SLIRP_HOST_GLIB_H

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef char gchar;
typedef int gint;
typedef int gboolean;
typedef int GPid;
typedef void *gpointer;
typedef gchar **GStrv;

#define FALSE 0
#define TRUE 1
#define G_OS_UNIX 1
#define G_LITTLE_ENDIAN 1234
#define G_BIG_ENDIAN 4321
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define G_BYTE_ORDER G_BIG_ENDIAN
#else
#define G_BYTE_ORDER G_LITTLE_ENDIAN
#endif
#define GLIB_CHECK_VERSION(major, minor, micro) 1
#define G_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define G_N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))
#define G_STATIC_ASSERT(condition) _Static_assert(condition, #condition)
#define G_GNUC_PRINTF(text, first) __attribute__((__format__(printf, text, first)))
#ifndef MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#endif

#define g_debug(...) ((void)0)
#define g_warning(...) ((void)0)
#define g_critical(...) ((void)0)
#define g_error(...) abort()
#define g_assert(condition) ((condition) ? (void)0 : abort())
#define g_assert_not_reached() abort()
#define g_warn_if_fail(condition) ((void)(condition))
#define g_warn_if_reached() ((void)0)
#define g_return_if_fail(condition) do { if (!(condition)) return; } while (0)
#define g_return_val_if_fail(condition, value) do { if (!(condition)) return (value); } while (0)

void *g_malloc(size_t size);
void *g_malloc0(size_t size);
void *g_realloc(void *memory, size_t size);
#define g_new(type, count) ((type *)g_malloc(sizeof(type) * (size_t)(count)))
#define g_new0(type, count) ((type *)g_malloc0(sizeof(type) * (size_t)(count)))
#define g_free free

char *g_strdup(const char *text);
char *g_strstr_len(const char *text, ssize_t size, const char *part);
size_t g_strlcpy(char *to, const char *from, size_t size);
unsigned g_strv_length(GStrv list);
void g_strfreev(GStrv list);
#define g_str_has_prefix(text, prefix) (strncmp(text, prefix, strlen(prefix)) == 0)
#define g_snprintf snprintf
#define g_vsnprintf vsnprintf
#define g_strerror strerror
#define g_ascii_strcasecmp strcasecmp

typedef struct GString {
    char *str;
    size_t len;
    size_t allocated_len;
} GString;
GString *g_string_new(const char *text);
void g_string_append_printf(GString *string, const char *format, ...) G_GNUC_PRINTF(2, 3);
char *g_string_free(GString *string, gboolean with_text);

/* The kernel's random numbers. */
typedef struct GRand GRand;
#define g_rand_new() ((GRand *)NULL)
#define g_rand_free(random) ((void)(random))
int g_rand_int_range(GRand *random, int begin, int end);

typedef struct GDebugKey {
    const char *key;
    unsigned value;
} GDebugKey;
#define g_getenv(name) ((const char *)NULL)
#define g_parse_debug_string(text, keys, count) ((void)(keys), 0)

typedef struct GError {
    const char *message;
} GError;
typedef void (*GSpawnChildSetupFunc)(gpointer data);
typedef enum { G_SPAWN_SEARCH_PATH = 4 } GSpawnFlags;
#define g_error_free(error) ((void)(error))
gboolean g_shell_parse_argv(const char *text, int *argc, char ***argv, GError **error);
gboolean g_spawn_async_with_fds(const char *folder, char **argv, char **environment,
                                GSpawnFlags flags, GSpawnChildSetupFunc setup, gpointer data,
                                GPid *pid, int input, int output, int errors, GError **error);

/* Of files, resolv.conf alone is asked for, and never changes: see resolv.h. */
FILE *slirp_open_resolv(void);
int slirp_look_at_resolv(struct stat *status);
#define fopen(path, mode) slirp_open_resolv()
#define stat(path, status) slirp_look_at_resolv(status)

#endif
