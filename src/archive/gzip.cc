#include "archive/gzip.h"

#include <algorithm>
#include <vector>

#include <igzip_lib.h>

namespace sbx::archive {

static constexpr std::size_t kInput = std::size_t{256} * 1024;
static constexpr std::size_t kOutput = kInput;
static constexpr std::size_t kMostOutput = std::size_t{1} << 30;  // ISA-L counts in 32 bits

struct GzipReader::State {
    enum class Place : std::uint8_t { before_first, in_member, between };

    std::unique_ptr<Reader> from;
    std::vector<char> input = std::vector<char>(kInput);
    inflate_state stream{};
    Place place = Place::before_first;
    bool input_ended = false;

    Result<> refill() {
        const std::size_t size = TRY(from->read(input));
        stream.next_in = reinterpret_cast<std::uint8_t*>(input.data());
        stream.avail_in = static_cast<std::uint32_t>(size);
        input_ended = size == 0;
        return {};
    }

    void begin_member() {
        isal_inflate_reset(&stream);
        stream.crc_flag = ISAL_GZIP;
        place = Place::in_member;
    }
};

static Error error_of(int code) {
    switch (code) {
        case ISAL_INCORRECT_CHECKSUM:
            return Error(Error::Kind::failed, "the gzip data do not fit their checksum");
        case ISAL_INVALID_WRAPPER:
        case ISAL_UNSUPPORTED_METHOD:
            return Error(Error::Kind::failed, "what should be a gzip header is none");
        default: return Error(Error::Kind::failed, "the gzip data are damaged");
    }
}

// What ISA-L answers while all is well: it is done, or wants more input, or more room.
static bool is_failure(int code) { return code < 0 || code > ISAL_OUT_OVERFLOW; }

GzipReader::GzipReader(std::unique_ptr<Reader> from) : state_(std::make_unique<State>()) {
    state_->from = std::move(from);
    isal_inflate_init(&state_->stream);
}

GzipReader::~GzipReader() = default;

Result<std::size_t> GzipReader::read(std::span<char> into) {
    State& s = *state_;
    const auto room = static_cast<std::uint32_t>(std::min(into.size(), kMostOutput));
    s.stream.next_out = reinterpret_cast<std::uint8_t*>(into.data());
    s.stream.avail_out = room;
    while (s.stream.avail_out == room) {
        if (s.stream.avail_in == 0 && !s.input_ended) TRY(s.refill());
        if (s.place != State::Place::in_member) {
            const bool whole = s.place == State::Place::between;
            if (s.input_ended && s.stream.avail_in == 0 && whole) return std::size_t{0};
            s.begin_member();
        }
        const int code = isal_inflate(&s.stream);
        if (is_failure(code)) return error_of(code);
        if (s.stream.block_state == ISAL_BLOCK_FINISH)
            s.place = State::Place::between;
        else if (s.input_ended && s.stream.avail_out == room)
            return Error(Error::Kind::failed, "the gzip data are cut short");
    }
    return room - s.stream.avail_out;
}

struct GzipWriter::State {
    enum class More : std::uint8_t { follows, ends };  // as ISA-L's end_of_stream has it

    Sink sink;
    std::vector<std::uint8_t> work = std::vector<std::uint8_t>(ISAL_DEF_LVL2_DEFAULT);
    std::vector<char> output = std::vector<char>(kOutput);
    std::string input = {};  // pieces of one size, as what ISA-L finds depends on where they end
    isal_zstream stream{};

    bool is_done() const {
        if (stream.end_of_stream != 0) return stream.internal_state.state == ZSTATE_END;
        return stream.avail_out != 0;  // it has taken all, and would have room for more
    }

    Result<> deflate(More more) {
        stream.next_in = reinterpret_cast<std::uint8_t*>(input.data());
        stream.avail_in = static_cast<std::uint32_t>(input.size());
        stream.end_of_stream = std::to_underlying(more);
        do {
            stream.next_out = reinterpret_cast<std::uint8_t*>(output.data());
            stream.avail_out = static_cast<std::uint32_t>(output.size());
            if (const int code = isal_deflate(&stream); code != COMP_OK)
                return Error(Error::Kind::failed, "ISA-L cannot compress: {}", code);
            const std::size_t size = output.size() - stream.avail_out;
            if (size > 0) TRY(sink({output.data(), size}));
        } while (!is_done());
        input.clear();
        return {};
    }
};

GzipWriter::GzipWriter(Sink sink) : state_(std::make_unique<State>()) {
    State& s = *state_;
    s.sink = std::move(sink);
    isal_deflate_init(&s.stream);
    s.stream.level = 2;
    s.stream.level_buf = s.work.data();
    s.stream.level_buf_size = static_cast<std::uint32_t>(s.work.size());
    s.stream.gzip_flag = IGZIP_GZIP;
}

GzipWriter::~GzipWriter() = default;

Result<> GzipWriter::add(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size(), kInput - state_->input.size());
        state_->input += bytes.substr(0, size);
        bytes.remove_prefix(size);
        if (state_->input.size() == kInput) TRY(state_->deflate(State::More::follows));
    }
    return {};
}

Result<> GzipWriter::finish() { return state_->deflate(State::More::ends); }

}  // namespace sbx::archive
