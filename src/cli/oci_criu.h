// What `checkpoint` and `restore` of the OCI runtime share: the options of runc, and the answer.
#pragma once

#include <string>
#include <string_view>

#include "cli/args.h"

namespace sbx::cli {

// Whoever asks with options of runc's is told what there is not, rather than of the first option.
struct OciCriu {
    std::string id;
    std::string unused;
    bool unused_flag = false;

    void declare(Args& args) {
        static constexpr std::string_view kHelp = "Taken for runc's sake";
        for (const char* name : {"--image-path", "--work-path"})
            args.option(name, "DIR", unused, kHelp, Complete::directories);
        args.option("--manage-cgroups-mode", "MODE", unused, kHelp);
        args.list("--empty-ns", "NAMESPACE", many_unused, kHelp);
        for (const char* name : {"--tcp-established", "--ext-unix-sk", "--shell-job",
                                 "--lazy-pages", "--file-locks", "--auto-dedup"})
            args.flag(name, unused_flag, kHelp);
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
    }

    static Error refuse() {
        return Error(Error::Kind::unsupported, "checkpoints are not supported")
            .hint("runc and crun make them, with CRIU, of containers of their own");
    }

    std::vector<std::string> many_unused;
};

}  // namespace sbx::cli
