#include "support/registries.h"

#include <chrono>
#include <cstdlib>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/text.h"
#include "oci/digest.h"
#include "os/file.h"

namespace sbx::test {

static constexpr std::size_t kLargestLog = std::size_t{64} << 20;

struct Streams {
    os::FdView output;
    os::FdView errors = os::FdView::number(2);
};

// A program that is killed when this one ends, whatever ends it.
static os::Process start_server(const std::vector<std::string>& argv, Streams streams) {
    Result<os::Process> process = os::spawn(0, [&] {
        const std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LANG=C", "HOME=/tmp"};
        if (os::die_with_parent() && os::place_at(streams.output, 1) &&
            os::place_at(streams.errors, 2))
            (void)os::execute(argv.front(), argv, environment);
        ::_exit(127);
    });
    if (!process) std::abort();
    return *std::move(process);
}

static const os::Fd& nowhere() {
    static const os::Fd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    return null;
}

// Where it was built, unless it runs elsewhere.
static std::string tests_folder() {
    const char* moved = ::getenv("SBX_TESTS");
    return moved ? moved : SBX_TESTS;
}

static Json first_line_of(os::FdView output) {
    std::string line;
    char c = 0;
    while (::read(output.get(), &c, 1) == 1 && c != '\n')
        line += c;
    Result<Json> json = Json::parse(line);
    if (!json) std::abort();
    return *std::move(json);
}

static os::Process start_hostile(const std::string& directory, Json& ports) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    const os::Fd output(ends[0]);
    os::Process process = [&] {
        const os::Fd input(ends[1]);
        return start_server(
            {"/usr/bin/python3", tests_folder() + "/support/hostile_registry.py", directory},
            {.output = input});
    }();
    ports = first_line_of(output);
    return process;
}

HostileRegistry::HostileRegistry() : process_(start_hostile(folder_.path(), ports_)) {}

HostileRegistry& HostileRegistry::instance() {
    static HostileRegistry registry;
    return registry;
}

std::string HostileRegistry::host(const std::string& port) const {
    return fmt::format("127.0.0.1:{}", ports_[port].as_integer().value());
}

std::vector<Json> HostileRegistry::log() const {
    const Result<std::string> text =
        os::read_file(os::FdView::cwd(), folder_.at("log"), kLargestLog);
    std::vector<Json> entries;
    if (!text) return entries;
    for (const std::string_view line : split(*text, '\n'))
        if (!line.empty()) entries.push_back(*Json::parse(line));
    return entries;
}

void HostileRegistry::forget() { make_file(folder_.at("log")); }

static bool listens(std::uint16_t port) {
    const os::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
           0;
}

// One that was free a moment ago.
static std::uint16_t free_port() {
    const os::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        std::abort();
    return ntohs(address.sin_port);
}

static os::Process start_docker_registry(const TempFolder& folder, std::string& host) {
    const std::uint16_t port = free_port();
    host = fmt::format("127.0.0.1:{}", port);
    make_file(folder.at("config.yml"),
              fmt::format("version: 0.1\nlog: {{level: error}}\n"
                          "storage: {{filesystem: {{rootdirectory: {}/data}}}}\n"
                          "http: {{addr: '{}'}}\n",
                          folder.path(), host));
    os::Process process =
        start_server({"/usr/bin/docker-registry", "serve", folder.at("config.yml")},
                     {.output = nowhere(), .errors = nowhere()});
    const timespec pause{.tv_sec = 0, .tv_nsec = 20'000'000};
    for (int i = 0; i < 500 && !listens(port); ++i)
        ::nanosleep(&pause, nullptr);
    return process;
}

DockerRegistry::DockerRegistry() : process_(start_docker_registry(folder_, host_)) {}

DockerRegistry& DockerRegistry::instance() {
    static DockerRegistry registry;
    return registry;
}

static Json descriptor(std::string_view media_type, std::string_view bytes) {
    Json json = Json::object();
    json.set("mediaType", media_type)
        .set("digest", oci::Digest::of(bytes).text())
        .set("size", std::uint64_t{bytes.size()});
    return json;
}

static void write_blob(const TempFolder& layout, std::string_view bytes) {
    make_file(layout.at("blobs/sha256/" + oci::Digest::of(bytes).hex()), bytes);
}

// image-spec, image-layout.md.
static void write_layout(const TempFolder& layout, const std::vector<std::string>& layers) {
    make_folder(layout.at("blobs"));
    make_folder(layout.at("blobs/sha256"));
    const std::string config =
        R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}})";
    write_blob(layout, config);
    Json list = Json::array();
    for (const std::string& layer : layers) {
        write_blob(layout, layer);
        list.push(descriptor("application/vnd.oci.image.layer.v1.tar", layer));
    }
    constexpr std::string_view kManifest = "application/vnd.oci.image.manifest.v1+json";
    const std::string manifest =
        Json::object()
            .set("schemaVersion", 2)
            .set("mediaType", kManifest)
            .set("config", descriptor("application/vnd.oci.image.config.v1+json", config))
            .set("layers", std::move(list))
            .dump();
    write_blob(layout, manifest);
    Json entry = descriptor(kManifest, manifest);
    entry.set("annotations", Json::object().set("org.opencontainers.image.ref.name", "it"));
    make_file(layout.at("oci-layout"), R"({"imageLayoutVersion":"1.0.0"})");
    make_file(layout.at("index.json"), Json::object()
                                           .set("schemaVersion", 2)
                                           .set("manifests", Json::array().push(std::move(entry)))
                                           .dump());
}

void DockerRegistry::push(const std::string& name, const std::vector<std::string>& layers) const {
    const TempFolder layout;
    write_layout(layout, layers);
    os::Process skopeo =
        start_server({"/usr/bin/skopeo", "--insecure-policy", "copy", "--quiet",
                      "--preserve-digests", "--dest-tls-verify=false",
                      "oci:" + layout.path() + ":it", "docker://" + host_ + "/" + name},
                     {.output = nowhere()});
    const Result<os::ExitStatus> status = skopeo.wait();
    ASSERT_TRUE(status);
    ASSERT_EQ(status->code, 0) << "skopeo cannot push '" << name << "'";
}

}  // namespace sbx::test
