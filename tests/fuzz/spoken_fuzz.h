// What holds of every way to say in a connection whom it is for.
#pragma once

#include "fuzz.h"

#include "network/host_name.h"
#include "network/spoken.h"

namespace sbx::fuzz {

// A connection goes on by what is known first: more of it must not make it another's.
inline void judge_alike(std::string_view text, network::Spoken (*judge)(std::string_view)) {
    using What = network::Spoken::What;
    const network::Spoken whole = judge(text);
    must((whole.what == What::named) == !whole.name.empty());
    must(whole.name.empty() || network::is_host_name(whole.name));
    for (const std::size_t size : {text.size() / 2, text.size() - text.size() / 4}) {
        const network::Spoken part = judge(text.substr(0, size));
        must(part.what == What::cut_short || (part.what == whole.what && part.name == whole.name));
    }
}

}  // namespace sbx::fuzz
