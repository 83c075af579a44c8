// The functions of libc that load shared libraries at run time, replaced by ones that refuse.
//
// In a static program glibc's getaddrinfo(3) and getservbyname(3) load NSS modules, and dlopen(3)
// a second libc: from whatever machine sbx runs on, into a program that was built on another.
// Nothing in sbx calls them, but libraries it is linked with name them: libcrypto in dso_dlfcn.o
// (modules of an openssl.cnf), bio_addr.o and bio_sock.o (BIO_s_connect), libcares in
// ares_getaddrinfo.o and ares_getnameinfo.o (services by name; here ports are numbers). The linker
// leads those here (ld(1), --wrap; see no_nss in src/meson.build), and a path that does come by
// fails as if the name were unknown.
#include <cerrno>
#include <cstddef>

#include <netdb.h>

// NOLINTBEGIN(bugprone-reserved-identifier,readability-*): the names and shapes are the linker's
extern "C" {

void* __wrap_dlopen(const char*, int) { return nullptr; }

int __wrap_getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) { return EAI_FAIL; }

void __wrap_freeaddrinfo(addrinfo*) {}  // getaddrinfo gave none out

int __wrap_getnameinfo(const sockaddr*, socklen_t, char*, socklen_t, char*, socklen_t, int) {
    return EAI_FAIL;
}

hostent* __wrap_gethostbyname(const char*) {
    h_errno = NO_RECOVERY;
    return nullptr;
}

servent* __wrap_getservbyname(const char*, const char*) { return nullptr; }

int __wrap_getservbyport_r(int, const char*, servent*, char*, std::size_t, servent** found) {
    *found = nullptr;
    return ENOENT;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-*)
