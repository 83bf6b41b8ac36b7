using System.Runtime.Versioning;
using System.ServiceProcess;
using HostAgent.Hosting;

namespace HostAgent.Agent.Hosting;

/// <summary>
/// A Windows service that only reports why it cannot start. If the process just ended, the service control manager would wait for it and
/// report error 1053 ("did not respond in a timely fashion"), and the reason would be nowhere: a service has no standard error.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class RefusedService : ServiceBase
{
    // ERROR_EXCEPTION_IN_SERVICE, from winerror.h.
    private const int ExceptionInService = 1064;

    private readonly StartException _refusal;

    private RefusedService(StartException refusal)
    {
        ServiceName = AgentApplication.ServiceName;
        ExitCode = ExceptionInService;
        _refusal = refusal;
    }

    /// <summary>Reports the refusal to the service control manager, then returns.</summary>
    public static void Tell(StartException refusal)
    {
        using var service = new RefusedService(refusal);
        try
        {
            Run(service);
        }
        catch (StartException exception) when (ReferenceEquals(exception, refusal))
        {
            // Run rethrows what OnStart threw, after reporting it to the service control manager and the event log.
        }
    }

    // The base class writes what is thrown here into the Application event log, and stops with the exit code.
    /// <inheritdoc/>
    protected override void OnStart(string[] args) => throw _refusal;
}
