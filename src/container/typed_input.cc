#include "container/typed_input.h"

#include <signal.h>

#include "os/pipe.h"
#include "os/terminal.h"

namespace sbx::container {

Result<std::optional<TypedInput>> TypedInput::take() {
    const os::FdView input = os::FdView::number(0);
    if (!os::is_terminal(input)) return std::optional<TypedInput>();
    os::Fd terminal = TRY(os::duplicate(input));
    os::Pipe pipe = TRY(os::open_pipe());
    TRY(os::place_at(pipe.read_end, 0));
    return std::optional(TypedInput(std::move(terminal), std::move(pipe.write_end)));
}

Result<Keyboard> TypedInput::join() && {
    ::signal(SIGPIPE, SIG_IGN);  // the program may read no more
    TRY(os::place_at(terminal_, 0));
    terminal_.reset();
    return Keyboard::open(std::move(pipe_), Keyboard::For::stream, "");
}

}  // namespace sbx::container
