#include "archive/zstd.h"

#include <new>
#include <vector>

#include <zstd.h>

namespace sbx::archive {

static constexpr int kLargestWindow = 27;  // as a power of two

namespace {

struct FreeContext {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct ZstdReader::State {
    std::unique_ptr<Reader> from;
    std::unique_ptr<ZSTD_DCtx, FreeContext> context{ZSTD_createDCtx()};
    std::vector<char> input = std::vector<char>(ZSTD_DStreamInSize());
    ZSTD_inBuffer waiting{};
    bool in_frame = true;  // a stream has at least one
    bool input_ended = false;

    Result<> refill() {
        const std::size_t size = TRY(from->read(input));
        waiting = {.src = input.data(), .size = size, .pos = 0};
        input_ended = size == 0;
        return {};
    }
};

ZstdReader::ZstdReader(std::unique_ptr<Reader> from) : state_(std::make_unique<State>()) {
    if (!state_->context) throw std::bad_alloc();
    state_->from = std::move(from);
    ZSTD_DCtx_setParameter(state_->context.get(), ZSTD_d_windowLogMax, kLargestWindow);
}

ZstdReader::~ZstdReader() = default;

Result<std::size_t> ZstdReader::read(std::span<char> into) {
    State& s = *state_;
    ZSTD_outBuffer out{.dst = into.data(), .size = into.size(), .pos = 0};
    while (out.pos == 0) {
        if (s.waiting.pos == s.waiting.size && !s.input_ended) TRY(s.refill());
        if (s.input_ended && !s.in_frame) return std::size_t{0};
        const std::size_t left = ZSTD_decompressStream(s.context.get(), &out, &s.waiting);
        if (ZSTD_isError(left))
            return Error(Error::Kind::failed, "the zstd data are damaged: {}",
                         ZSTD_getErrorName(left));
        s.in_frame = left != 0;
        if (s.input_ended && s.in_frame && out.pos == 0)
            return Error(Error::Kind::failed, "the zstd data are cut short");
    }
    return out.pos;
}

}  // namespace sbx::archive
