// The options that `create` and `run` of the OCI runtime share.
#pragma once

#include "cli/args.h"
#include "cli/oci.h"
#include "runtime/create.h"

namespace sbx::cli {

struct OciCreation {
    runtime::Creation creation = {};
    bool no_pivot = false;
    bool no_new_keyring = false;
    bool no_subreaper = false;

    void declare(Args& args) {
        args.option("-b,--bundle", "DIR", creation.bundle, "The folder with config.json",
                    Complete::directories);
        args.option("-f,--config", "FILE", creation.config, "What config.json is called there",
                    Complete::files);
        args.option("--console-socket", "SOCKET", creation.console.console_socket,
                    "Send the outer side of the program's terminal to this socket",
                    Complete::files);
        args.option("--pid-file", "FILE", creation.console.pid_file,
                    "Write the number of the first process to this file", Complete::files);
        args.option("--pidfd-socket", "SOCKET", creation.console.pidfd_socket,
                    "Send a descriptor of the first process to this socket", Complete::files);
        args.option("--preserve-fds", "N", creation.preserved_descriptors,
                    "Leave descriptors 3 to 2+N to the program, beside those of LISTEN_FDS");
        args.flag("--no-new-keyring", no_new_keyring, "Keep the session keyring of the caller");
        args.flag("--no-pivot", no_pivot, "Taken for runc's sake; sbx changes the root by a pivot");
        args.flag("--no-subreaper", no_subreaper, "Taken for runc's sake; sbx adopts no processes");
        args.operand("CONTAINER", creation.id, "The id that it gets");
    }

    Result<const runtime::Creation*> wanted(const App& app) {
        creation.own_keyring = !no_new_keyring;
        creation.cgroup_manager = TRY(oci_cgroup_manager(app));
        return &creation;
    }
};

}  // namespace sbx::cli
