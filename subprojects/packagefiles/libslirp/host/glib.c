#define _GNU_SOURCE
#include "glib.h"
#include "resolv.h"

#include <sys/random.h>

static void *checked(void *memory, size_t size)
{
    if (!memory && size > 0)
        abort();
    return memory;
}

void *g_malloc(size_t size) { return checked(malloc(size), size); }
void *g_malloc0(size_t size) { return checked(calloc(1, size), size); }
void *g_realloc(void *memory, size_t size) { return checked(realloc(memory, size), size); }

char *g_strdup(const char *text) { return text ? checked(strdup(text), 1) : NULL; }

/* Within `size` bytes, and before a NUL; it is only asked with a size. */
char *g_strstr_len(const char *text, ssize_t size, const char *part)
{
    return memmem(text, strnlen(text, (size_t)size), part, strlen(part));
}

size_t g_strlcpy(char *to, const char *from, size_t size)
{
    const size_t length = strlen(from);
    if (size > 0) {
        const size_t copied = length < size ? length : size - 1;
        memcpy(to, from, copied);
        to[copied] = '\0';
    }
    return length;
}

unsigned g_strv_length(GStrv list)
{
    unsigned length = 0;
    while (list[length])
        ++length;
    return length;
}

void g_strfreev(GStrv list)
{
    for (char **text = list; text && *text; ++text)
        free(*text);
    free(list);
}

GString *g_string_new(const char *text)
{
    GString *string = g_new0(GString, 1);
    string->str = g_strdup(text ? text : "");
    string->len = strlen(string->str);
    string->allocated_len = string->len + 1;
    return string;
}

void g_string_append_printf(GString *string, const char *format, ...)
{
    va_list arguments;
    char *more = NULL;
    va_start(arguments, format);
    const int length = vasprintf(&more, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    const size_t needed = string->len + (size_t)length + 1;
    if (needed > string->allocated_len) { /* by twice, as lists of many lines grow */
        string->allocated_len = 2 * needed;
        string->str = g_realloc(string->str, string->allocated_len);
    }
    memcpy(string->str + string->len, more, (size_t)length + 1);
    string->len += (size_t)length;
    free(more);
}

char *g_string_free(GString *string, gboolean with_text)
{
    char *text = string->str;
    free(string);
    if (!with_text)
        return text;
    free(text);
    return NULL;
}

int g_rand_int_range(GRand *random, int begin, int end)
{
    uint32_t number = 0;
    (void)random;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        abort();
    return begin + (int)(number % (uint32_t)(end - begin));
}

static GError no_programs = {"programs are not run"};

gboolean g_shell_parse_argv(const char *text, int *argc, char ***argv, GError **error)
{
    *error = &no_programs;
    return FALSE;
}

gboolean g_spawn_async_with_fds(const char *folder, char **argv, char **environment,
                                GSpawnFlags flags, GSpawnChildSetupFunc setup, gpointer data,
                                GPid *pid, int input, int output, int errors, GError **error)
{
    *error = &no_programs;
    return FALSE;
}

static const char *resolv_text;

void slirp_set_resolv(const char *text) { resolv_text = text; }

FILE *slirp_open_resolv(void)
{
    if (!resolv_text || !*resolv_text)
        return NULL;
    return fmemopen((void *)resolv_text, strlen(resolv_text), "r");
}

int slirp_look_at_resolv(struct stat *status)
{
    memset(status, 0, sizeof *status);
    return 0;
}
