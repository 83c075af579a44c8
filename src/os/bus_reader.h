// What is in messages of D-Bus, from bytes: the D-Bus Specification, "Type System".
//
// What is read is another process's word: every length, padding, signature and type is checked
// before it is used.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sbx::os {

Error malformed_bus_message(std::string_view why);

// Takes a body apart, value after value; the caller has compared its signature.
class BusReader {
public:
    explicit BusReader(std::string_view bytes) : bytes_(bytes) {}

    Result<std::uint32_t> number();     // u
    Result<std::string> text();         // s, o
    Result<std::string> signature();    // g
    Result<std::uint8_t> byte();        // y
    Result<> align(std::size_t bytes);  // over padding, which has to be zero

    // Over a value of one complete type: "s", "a{sv}".
    Result<> skip(std::string_view type);
    std::size_t position() const { return position_; }
    bool at_end() const { return position_ == bytes_.size(); }

private:
    Result<std::string_view> take(std::size_t count);
    Result<std::string> terminated(std::size_t size);
    Result<> skip_some(std::string_view types, unsigned depth);
    Result<> skip_one(std::string_view type, unsigned depth);
    Result<> skip_array(std::string_view element, unsigned depth);

    std::string_view bytes_;
    std::size_t position_ = 0;
};

}  // namespace sbx::os
