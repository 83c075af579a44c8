/* Where libslirp finds the host's name servers: in memory, as it may open no file. */
#ifndef SLIRP_HOST_RESOLV_H
#define SLIRP_HOST_RESOLV_H

#ifdef __cplusplus
extern "C" {
#endif

/* `text`, in the format of resolv.conf(5), has to outlive the stack. Without it there is none. */
void slirp_set_resolv(const char *text);

#ifdef __cplusplus
}
#endif

#endif
