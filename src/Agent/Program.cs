using HostAgent.Agent;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Inspection;
using HostAgent.Agent.Outages;
using HostAgent.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;

try
{
    if (args is [AgentProbe.VerbName, .. var settings])
    {
        var (serves, line) = await AgentProbe.AskAsync(settings, TimeProvider.System);
        await (serves ? Console.Out : Console.Error).WriteLineAsync(line);
        return serves ? 0 : 1;
    }

    if (args is [AgentInspection.VerbName, .. var inspected])
    {
        return await AgentInspection.RunAsync(inspected, Console.Out, TimeProvider.System) ? 0 : 1;
    }

    if (args is [AgentFacts.VerbName, .. var asked])
    {
        await AgentFacts.RunAsync(asked, Console.Out, TimeProvider.System, CancellationToken.None);
        return 0;
    }

    if (args is [EndOutage.VerbName, .. var ended])
    {
        return await EndOutage.RunAsync(ended, Console.Out, TestHooks.None, CancellationToken.None) ? 0 : 1;
    }

    if (args is [AgentCapture.VerbName, .. var captured])
    {
        using var interrupted = new CancellationTokenSource();
        // The file is closed first; a second interruption ends the process as usual.
        ConsoleCancelEventHandler interrupt = (_, key) =>
        {
            key.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        };
        Console.CancelKeyPress += interrupt;
        await AgentCapture.RunAsync(captured, Console.Out, TimeProvider.System, interrupted.Token);
        Console.CancelKeyPress -= interrupt;
        return 0;
    }
}
catch (StartException exception)
{
    return await ServerApplication.RefuseAsync(exception);
}

return await ServerApplication.RunAsync(() => AgentApplication.CreateAsync(args), refused =>
{
    // A server that was built answers the service control manager itself.
    if (OperatingSystem.IsWindows() && WindowsServiceHelpers.IsWindowsService())
    {
        RefusedService.Tell(refused);
    }
});
