#include "cli/oci_update.h"

#include <unistd.h>

#include "base/text.h"
#include "cli/oci.h"
#include "os/file.h"
#include "runtime/update.h"
#include "sandbox/assumed_host.h"

namespace sbx::cli {

namespace {

using Text = std::optional<std::string>;

constexpr std::size_t kLargestDocument = std::size_t{1} << 20;

Result<std::optional<std::int64_t>> number(std::string_view option, const Text& text,
                                           std::int64_t least, std::int64_t most = INT64_MAX) {
    if (!text) return std::optional<std::int64_t>();
    return std::optional(TRY(parse_number(*text, least, most), "{}", option));
}

Result<std::string> list(std::string_view option, const Text& text) {
    if (text && text->empty()) return Error(Error::Kind::usage, "{}: a list belongs there", option);
    return text.value_or("");
}

// "-1" is no limit.
Result<std::optional<std::int64_t>> bytes(std::string_view option, const Text& text) {
    if (!text) return std::optional<std::int64_t>();
    if (*text == "-1") return std::optional<std::int64_t>(-1);
    const std::uint64_t size = TRY(parse_size(*text), "{}", option);
    if (size <= INT64_MAX) return std::optional(static_cast<std::int64_t>(size));
    return Error(Error::Kind::usage, "{}: {} is too large", option, *text);
}

template <class T>
std::optional<T> as(const std::optional<std::int64_t>& value) {
    if (!value) return std::nullopt;
    return static_cast<T>(*value);
}

struct OciUpdate : Command {
    std::string file;
    Text memory, memory_swap, memory_reservation, kernel_memory, kernel_memory_tcp;
    Text cpu_shares, cpu_quota, cpu_period, cpu_burst, cpu_idle, realtime_period, realtime_runtime;
    Text cpus, mems, pids, block_weight;
    Text cache_schema, bandwidth_schema;
    std::string id;

    void declare(Args& args) override {
        args.option("-r,--resources", "FILE", file,
                    "Read all of linux.resources from this file, as JSON; -: standard input",
                    Complete::files);
        declare_memory(args);
        declare_cpu(args);
        args.option("--pids-limit", "N", pids, "Most processes it may have; -1: no limit");
        args.option("--blkio-weight", "N", block_weight,
                    "Share of the disks' time against others, 10 to 1000");
        args.option("--l3-cache-schema", "SCHEMA", cache_schema,
                    "Parts of the processor's cache it may use, such as L3:0=ff");
        args.option("--mem-bw-schema", "SCHEMA", bandwidth_schema,
                    "Bandwidth of memory it may use, such as MB:0=50");
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
        args.example("sbx oci update --memory 512m --pids-limit 100 box",
                     "Other limits for a container that runs");
    }

    void declare_memory(Args& args) {
        args.option("--memory", "SIZE", memory, "Most memory it may use; -1: no limit");
        args.option("--memory-swap", "SIZE", memory_swap,
                    "Most memory and swap together; -1: all the swap there is");
        args.option("--memory-reservation", "SIZE", memory_reservation,
                    "Memory that is not taken from it while others have more");
        args.option("--kernel-memory", "SIZE", kernel_memory,
                    "Refused: cgroup version 2 has no such setting");
        args.option("--kernel-memory-tcp", "SIZE", kernel_memory_tcp,
                    "Refused: cgroup version 2 has no such setting");
    }

    void declare_cpu(Args& args) {
        args.option("--cpu-share", "N", cpu_shares,
                    "Share of CPU time against others; 1024 is the usual one");
        args.option("--cpu-quota", "MICROSECONDS", cpu_quota,
                    "CPU time it may use in each period; -1: no limit");
        args.option("--cpu-period", "MICROSECONDS", cpu_period, "Period of --cpu-quota");
        args.option("--cpu-burst", "MICROSECONDS", cpu_burst,
                    "CPU time it may use beyond that, where it used less before");
        args.option("--cpu-idle", "N", cpu_idle, "1: runs when nothing else wants to; 0: as usual");
        args.option("--cpu-rt-period", "MICROSECONDS", realtime_period,
                    "Refused: cgroup version 2 has no such setting");
        args.option("--cpu-rt-runtime", "MICROSECONDS", realtime_runtime,
                    "Refused: cgroup version 2 has no such setting");
        args.option("--cpuset-cpus", "LIST", cpus, "CPUs it may run on, such as 0-3,7");
        args.option("--cpuset-mems", "LIST", mems, "NUMA nodes it may have memory of");
    }

    Result<int> run(App& app) override {
        const oci::Resources given = TRY(from_options());
        if (!file.empty() && given != oci::Resources())
            return Error(Error::Kind::usage, "--resources {} says all: no other limit goes with it",
                         file);
        const oci::Resources changes = file.empty() ? given : TRY(from_file());
        const runtime::States states = TRY(oci_states(app));
        const std::vector<std::string> lines = TRY(schemata());
        if (!lines.empty()) TRY(runtime::update_schemata(states, id, lines));
        if (!lines.empty() && changes == oci::Resources()) return 0;
        TRY(runtime::update(states, id, changes, sandbox::assumed_host().cgroups));
        return 0;
    }

    // As in a config.json: each begins with its kind.
    Result<std::vector<std::string>> schemata() const {
        std::vector<std::string> lines;
        for (const Text& text : {cache_schema, bandwidth_schema}) {
            if (!text) continue;
            if (!text->contains(':') || text->contains('\n'))
                return Error(Error::Kind::usage, "'{}' is no line of schemata", excerpt(*text));
            lines.push_back(*text);
        }
        return lines;
    }

    Result<os::Fd> open_file() const {
        if (file == "-") return os::duplicate(os::FdView::number(STDIN_FILENO));
        os::Fd opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        if (!opened) return Error::from_errno(errno, "open '{}'", file);
        return opened;
    }

    Result<oci::Resources> from_file() const {
        const os::Fd opened = TRY(open_file());
        const std::string text = TRY(os::read_to_end(opened, kLargestDocument), "'{}'", file);
        const Json json = TRY(Json::parse(text), "'{}'", file);
        return TRY(oci::Resources::from_json(json), "'{}'", file);
    }

    Result<oci::Resources> from_options() const {
        oci::Resources resources;
        resources.memory = TRY(memory_limits());
        resources.cpu = TRY(cpu_limits());
        resources.pids_limit = TRY(number("--pids-limit", pids, -1));
        resources.block.weight =
            as<std::uint16_t>(TRY(number("--blkio-weight", block_weight, 0, 1000)));
        return resources;
    }

    Result<oci::MemoryLimits> memory_limits() const {
        oci::MemoryLimits limits;
        limits.limit = TRY(bytes("--memory", memory));
        limits.swap = TRY(bytes("--memory-swap", memory_swap));
        limits.reservation = TRY(bytes("--memory-reservation", memory_reservation));
        limits.kernel = TRY(bytes("--kernel-memory", kernel_memory));
        limits.kernel_tcp = TRY(bytes("--kernel-memory-tcp", kernel_memory_tcp));
        return limits;
    }

    Result<oci::CpuLimits> cpu_limits() const {
        oci::CpuLimits limits;
        limits.shares = as<std::uint64_t>(TRY(number("--cpu-share", cpu_shares, 0, 262144)));
        limits.quota = TRY(number("--cpu-quota", cpu_quota, -1));
        limits.period = as<std::uint64_t>(TRY(number("--cpu-period", cpu_period, 0)));
        limits.burst = as<std::uint64_t>(TRY(number("--cpu-burst", cpu_burst, 0)));
        limits.idle = TRY(number("--cpu-idle", cpu_idle, 0, 1));
        limits.realtime_period =
            as<std::uint64_t>(TRY(number("--cpu-rt-period", realtime_period, 0)));
        limits.realtime_runtime = TRY(number("--cpu-rt-runtime", realtime_runtime, -1));
        limits.cpus = TRY(list("--cpuset-cpus", cpus));
        limits.mems = TRY(list("--cpuset-mems", mems));
        return limits;
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_update() { return std::make_unique<OciUpdate>(); }

}  // namespace sbx::cli
