#include "network/port_holder.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "os/file.h"
#include "os/processes.h"

namespace sbx::network {

// Words of the kernel's addresses as they lie in memory, "0100007F" for 127.0.0.1.
static std::string hex_of(const Endpoint& endpoint) {
    if (endpoint.family() == AF_INET) return fmt::format("{:08X}", endpoint.v4().s_addr);
    std::string hex;
    const in6_addr address = endpoint.v6();
    for (const std::uint32_t word : address.s6_addr32)
        hex += fmt::format("{:08X}", word);
    return hex;
}

static bool is_zero(std::string_view hex) { return hex.find_first_not_of('0') == hex.npos; }

// In the table of one family.
static void find_sockets(const std::string& path, const Endpoint& host, Protocol protocol,
                         std::set<std::string>& inodes) {
    constexpr std::size_t kInode = 9;
    const std::string_view wanted_state = protocol == Protocol::tcp ? "0A" : "07";
    const std::string address = hex_of(host);
    const std::string port = fmt::format("{:04X}", host.port());
    const std::string text = os::read_proc(path).value_or("");
    for (const std::string_view line : split(text, '\n')) {
        std::vector<std::string_view> words = split(line, ' ');
        std::erase(words, "");
        if (words.size() <= kInode || words[3] != wanted_state) continue;
        const auto local = halves(words[1], ':');
        if (!local || local->after != port) continue;
        if (host.is_wildcard() || local->before == address || is_zero(local->before))
            inodes.emplace(fmt::format("socket:[{}]", words[kInode]));
    }
}

static bool has_one_of(pid_t pid, const std::set<std::string>& inodes) {
    const Result<os::Fd> folder =
        os::open_directory(os::FdView::cwd(), fmt::format("/proc/{}/fd", pid));
    if (!folder) return false;
    const Result<std::vector<std::string>> names = os::names_in(*folder);
    return names && std::ranges::any_of(*names, [&](const std::string& name) {
               const Result<std::string> link = os::read_link(*folder, name);
               return link && inodes.contains(*link);
           });
}

std::optional<PortHolder> holder_of(const Endpoint& host, Protocol protocol) {
    std::set<std::string> inodes;
    for (const char* family : {"", "6"})
        find_sockets(fmt::format("/proc/net/{}{}", name_of(protocol), family), host, protocol,
                     inodes);
    if (inodes.empty()) return std::nullopt;
    for (const pid_t pid : os::all_processes())
        if (has_one_of(pid, inodes)) {
            const Result<os::ProcessStat> stat = os::process_stat(pid);
            return PortHolder{.pid = pid, .name = stat ? stat->name : ""};
        }
    return std::nullopt;
}

}  // namespace sbx::network
