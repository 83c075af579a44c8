// Gzip data, RFC 1952: the bytes inside, and the data made of bytes. By ISA-L.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "archive/stream.h"

namespace sbx::archive {

// Several members in a row are one stream, as the RFC has it. A checksum or length that does not
// fit, an early end, and anything behind the last member that is no member are errors.
class GzipReader final : public Reader {
public:
    explicit GzipReader(std::unique_ptr<Reader> from);
    ~GzipReader() override;
    Result<std::size_t> read(std::span<char> into) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// One member, with neither a name nor a time in it: the same bytes become the same data, however
// they are parted, where the processor has the same instructions for it.
class GzipWriter {
public:
    // Is given the data piece by piece, in order.
    using Sink = std::function<Result<>(std::string_view data)>;

    explicit GzipWriter(Sink sink);
    ~GzipWriter();

    // Errors are the sink's.
    Result<> add(std::string_view bytes);
    Result<> finish();  // the end of the member, and the last data to the sink; nothing may follow

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sbx::archive
