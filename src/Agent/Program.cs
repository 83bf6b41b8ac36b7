using HostAgent.Agent;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Inspection;
using Microsoft.Extensions.Hosting.WindowsServices;

var built = false;
try
{
    if (args is [AgentProbe.Word, .. var settings])
    {
        var (serves, line) = await AgentProbe.AskAsync(settings, TimeProvider.System);
        await (serves ? Console.Out : Console.Error).WriteLineAsync(line);
        return serves ? 0 : 1;
    }

    if (args is [AgentInspection.Word, .. var inspected])
    {
        return await AgentInspection.RunAsync(inspected, Console.Out, TimeProvider.System) ? 0 : 1;
    }

    await using var application = AgentApplication.Create(args);
    built = true;
    await application.RunAsync();
    return 0;
}
catch (AgentStartException refusal)
{
    foreach (var line in refusal.Lines)
    {
        await Console.Error.WriteLineAsync(line);
    }

    // Once it is built, the host itself answers the service control manager and writes to the event log.
    if (OperatingSystem.IsWindows() && !built && WindowsServiceHelpers.IsWindowsService())
    {
        RefusedService.Tell(refusal);
    }

    return 2;
}
catch (IOException refusal)
{
    // Kestrel's word for an address that cannot be listened on.
    await Console.Error.WriteLineAsync(refusal.Message);
    return 2;
}
