using System.Runtime.InteropServices;
using HostAgent.Cli;

// The first signal ends the command in good order; a second one ends the process at once.
using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

return await new FailbackApplication(Shell.OfThisProcess()).RunAsync(args, interrupted.Token);

void End(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
