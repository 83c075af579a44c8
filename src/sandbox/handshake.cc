#include "sandbox/handshake.h"

namespace sbx::sandbox {

Result<Ends> Line::open() {
    os::SocketPair pair = TRY(os::open_socket_pair());
    return Ends{.parent = Line(std::move(pair.one)), .child = Line(std::move(pair.other))};
}

Result<> Line::say(Verb verb, const std::vector<os::FdView>& fds, std::string_view words) {
    std::string message(1, static_cast<char>(verb));
    message += words;
    Result<> sent = os::send_message(socket_, message, fds);
    if (sent.failed_with(std::errc::broken_pipe)) (void)TRY(hear_or_end());  // it may have said why
    return sent;
}

void Line::report(const Error& error) {
    std::string message(1, static_cast<char>(Verb::failed));
    message += error.pack();
    (void)os::send_message(socket_, message);  // the exit status still says that it failed
}

Result<std::optional<Line::Heard>> Line::hear_or_end() {
    std::optional<os::Message> message = TRY(os::receive_message(socket_));
    if (!message) return std::optional<Heard>();
    const auto verb = static_cast<Verb>(message->bytes.front());
    if (verb == Verb::failed) return Error::unpack(std::string_view(message->bytes).substr(1));
    return Heard{.verb = verb, .fds = std::move(message->fds), .words = message->bytes.substr(1)};
}

Result<Line::Heard> Line::hear() {
    std::optional<Heard> heard = TRY(hear_or_end());
    if (heard) return *std::move(heard);
    return Error(Error::Kind::failed, "the other side ended early");
}

Result<Line::Heard> Line::hear_this(Verb verb) {
    Heard heard = TRY(hear());
    if (heard.verb == verb) return heard;
    return Error(Error::Kind::failed, "expected '{}', got '{}'", static_cast<char>(verb),
                 static_cast<char>(heard.verb));
}

Result<std::vector<os::Fd>> Line::expect(Verb verb) {
    Heard heard = TRY(hear_this(verb));
    return std::move(heard.fds);
}

Result<std::string> Line::expect_words(Verb verb) {
    Heard heard = TRY(hear_this(verb));
    return std::move(heard.words);
}

Result<> Line::expect_closed() {
    const std::optional<Heard> heard = TRY(hear_or_end());
    if (!heard) return {};
    return Error(Error::Kind::failed, "expected the end, got '{}'", static_cast<char>(heard->verb));
}

}  // namespace sbx::sandbox
