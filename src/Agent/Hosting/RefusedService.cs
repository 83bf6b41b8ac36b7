using System.Runtime.Versioning;
using System.ServiceProcess;
using HostAgent.Hosting;

namespace HostAgent.Agent.Hosting;

/// <summary>
/// A Windows service that only says why it cannot start. Were the process simply to end, the service control manager would wait for it in
/// vain and report error 1053 ("did not respond in a timely fashion"), and the reason would be nowhere: a service has no standard error.
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

    /// <summary>Answers the service control manager's start with the refusal, and returns when it has been told.</summary>
    public static void Tell(StartException refusal)
    {
        using var service = new RefusedService(refusal);
        try
        {
            Run(service);
        }
        catch (StartException told) when (ReferenceEquals(told, refusal))
        {
            // Run hands on what OnStart has thrown, after it has told the service control manager and the event log.
        }
    }

    // The base class writes what is thrown here into the Application event log, and stops with the exit code.
    /// <inheritdoc/>
    protected override void OnStart(string[] args) => throw _refusal;
}
