using System.Runtime.InteropServices;
using HostAgent.Cli;
using HostAgent.Failback;
using HostAgent.Hosting;

using var interruption = new Interruption(TimeProvider.System);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = interruption.Take());
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = interruption.Take());

try
{
    using var telemetry = FailbackProgram.StartTelemetry(args);
    return await FailbackProgram.Create(CommandEnvironment.OfThisProcess()).RunAsync(args, interruption.Token);
}
catch (StartException exception)
{
    return await ServerApplication.RefuseAsync(exception);
}
