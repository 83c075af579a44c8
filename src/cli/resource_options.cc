#include "cli/resource_options.h"

namespace sbx::cli {

static void declare_block(Args& args, container::ResourceOptions& o) {
    args.option("--blkio-weight", "N", o.blkio_weight,
                "Share of the disks' time against others, 10 to 1000");
    args.list("--blkio-weight-device", "DEVICE:N", o.blkio_weight_device, "The same for one disk",
              Complete::files);
    args.list("--device-read-bps", "DEVICE:RATE", o.read_bps,
              "Most bytes a second to read from a disk", Complete::files);
    args.list("--device-read-iops", "DEVICE:N", o.read_iops, "Most reads a second from a disk",
              Complete::files);
    args.list("--device-write-bps", "DEVICE:RATE", o.write_bps,
              "Most bytes a second to write to a disk", Complete::files);
    args.list("--device-write-iops", "DEVICE:N", o.write_iops, "Most writes a second to a disk",
              Complete::files);
}

void declare_resources(Args& args, container::ResourceOptions& o) {
    args.filled_option("-m,--memory", "SIZE", o.memory, "Most memory it may use, such as 512m");
    args.filled_option("--memory-swap", "SIZE", o.memory_swap,
                       "Most memory and swap together; -1: all the swap there is");
    args.filled_option("--memory-reservation", "SIZE", o.memory_reservation,
                       "Memory that is not taken from it while others have more");
    args.filled_option("--memory-swappiness", "N", o.memory_swappiness,
                       "Refused, unless -1: cgroup version 2 has no such setting");
    args.flag("--oom-kill-disable", o.oom_kill_disable,
              "Refused: cgroup version 2 has no such setting");
    args.filled_option("--cpus", "N", o.cpus, "CPU time it may use, in CPUs, such as 1.5");
    args.filled_option("-c,--cpu-shares", "N", o.cpu_shares,
                       "Share of CPU time against others; 1024 is the usual one");
    args.filled_option("--cpu-period", "MICROSECONDS", o.cpu_period, "Period of --cpu-quota");
    args.filled_option("--cpu-quota", "MICROSECONDS", o.cpu_quota,
                       "CPU time it may use in each period; -1: no limit");
    args.filled_option("--cpuset-cpus", "LIST", o.cpuset_cpus, "CPUs it may run on, such as 0-3,7");
    args.filled_option("--cpuset-mems", "LIST", o.cpuset_mems, "NUMA nodes it may have memory of");
    args.filled_option("--pids-limit", "N", o.pids_limit,
                       "Most processes it may have; -1: no limit");
    declare_block(args, o);
}

}  // namespace sbx::cli
