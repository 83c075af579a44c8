// Bytes that come by, in one direction, once.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx::archive {

// One of the project's few interfaces: what reads from a Reader works the same on a file, a pipe
// and a decompressor, and one wraps another.
class Reader {
public:
    virtual ~Reader() = default;

    // Fills the beginning of `into`, which is not empty, and says how many bytes it holds now: at
    // least one, or 0 at the end.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
};

// Reads until `into` is full or the end is reached.
Result<std::size_t> read_full(Reader& from, std::span<char> into);

// Reads what is left, and forgets it.
Result<> drain(Reader& from);

// Bytes in memory as a Reader; they have to outlive it.
class TextReader final : public Reader {
public:
    explicit TextReader(std::string_view text) : left_(text) {}
    Result<std::size_t> read(std::span<char> into) override;

private:
    std::string_view left_;
};

}  // namespace sbx::archive
