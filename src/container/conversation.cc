#include "container/conversation.h"

#include <cstring>

namespace sbx::container {

std::string encode(Word word, std::string_view bytes) {
    return std::string(1, static_cast<char>(word)).append(bytes);
}

std::string encode(Word word, int number) {
    return encode(word, {reinterpret_cast<const char*>(&number), sizeof number});
}

std::string encode(const Error& error) { return encode(Word::failed, error.pack()); }

Result<std::optional<HeardWord>> hear_word(os::FdView socket) {
    std::optional<os::Message> message = TRY(os::receive_message(socket));
    if (!message) return std::optional<HeardWord>();
    HeardWord heard{.word = static_cast<Word>(message->bytes.front()),
                    .bytes = message->bytes.substr(1),
                    .fds = std::move(message->fds)};
    if (heard.word == Word::failed) return Error::unpack(heard.bytes);
    if (heard.bytes.size() == sizeof heard.number)
        std::memcpy(&heard.number, heard.bytes.data(), sizeof heard.number);
    return std::optional(std::move(heard));
}

}  // namespace sbx::container
