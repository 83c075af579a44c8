#include "cli/health_options.h"

namespace sbx::cli {

void declare_health(Args& args, container::HealthOptions& o) {
    args.filled_option("--health-cmd,--healthcheck-command", "COMMAND", o.command,
                       "How to check its health: a line for its /bin/sh, a JSON array, or none");
    args.filled_option("--health-interval,--healthcheck-interval", "TIME", o.interval,
                       "Time between two checks, 30s; disable: only `healthcheck run` checks");
    args.filled_option("--health-timeout,--healthcheck-timeout", "TIME", o.timeout,
                       "A check that takes longer has failed, and is killed; 30s");
    args.filled_option("--health-retries,--healthcheck-retries", "N", o.retries,
                       "Failures in a row that make it unhealthy; 3");
    args.filled_option("--health-start-period,--healthcheck-start-period", "TIME", o.start_period,
                       "Time to start in, when failures do not count; 0s");
    args.filled_option("--health-start-interval", "TIME", o.start_interval,
                       "Time between two checks in the start period; 5s, or that of the others");
    args.filled_option(
        "--health-on-failure", "ACTION", o.on_failure,
        "What becomes of it where it is unhealthy: none, kill, stop or restart; none");
    args.flag("--no-healthcheck", o.off, "Leave out the check that the image names");
}

}  // namespace sbx::cli
