// A folder for a test: a place to work in, and beside it one that nothing may touch.
#pragma once

#include <string>

namespace sbx::test {

// Taken away again with all that is in it, also what belongs to other ids.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const std::string& path() const { return path_; }
    std::string canary() const { return path_ + "/CANARY"; }  // holds the file `secret`
    std::string tree() const { return path_ + "/tree"; }      // an empty folder

    bool canary_is_untouched() const { return describe(canary()) == before_; }

    // Names, types, modes, owners, sizes, link counts and times of a folder and what is in it.
    static std::string describe(const std::string& folder);

private:
    std::string path_ = "/tmp/sbx-test-XXXXXX";
    std::string before_;
};

}  // namespace sbx::test
