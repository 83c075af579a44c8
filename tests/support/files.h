// Files for tests: made, read and looked at by host path, in a folder that goes with its value.
#pragma once

#include <string>
#include <string_view>

#include <sys/stat.h>

#include "os/fd.h"

namespace sbx::test {

class TempFolder {
public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();

    const std::string& path() const { return path_; }
    std::string at(std::string_view name) const { return path_ + "/" + std::string(name); }
    os::FdView fd() const { return fd_; }

private:
    std::string path_;
    os::Fd fd_;
};

// Each fails the test where it fails.
void make_file(const std::string& path, std::string_view bytes = "", mode_t mode = 0644);
void make_folder(const std::string& path, mode_t mode = 0755);
void make_link(const std::string& path, const std::string& target);
void make_fifo(const std::string& path);
std::string bytes_of(const std::string& path);  // empty where it cannot be read

bool exists(const std::string& path);         // a dangling link does
struct stat status(const std::string& path);  // of a link itself
mode_t mode_of(const std::string& path);      // the twelve bits

int open_descriptors();  // of this process

}  // namespace sbx::test
