using HostAgent.HyperV.Cim;
using HostAgent.HyperV.VirtualMachines.Internal;

namespace HostAgent.HyperV.Failback.Internal;

/// <summary>
/// Calls the replication service. The service's instance is looked up for each call: a path kept across a restart of the
/// management service is dead.
/// </summary>
internal sealed class ReplicationServiceCaller(ICimSession session)
{
    public async Task<CimInstance?> FindServiceAsync(CancellationToken cancellationToken)
        => await session.ListInstancesAsync(HyperVClasses.ReplicationService, [], cancellationToken) is [var service, ..] ? service : null;

    public async Task<FailbackAnswer> InitiateFailbackAsync(FailbackCall call, CancellationToken cancellationToken)
    {
        var service = await FindServiceAsync(cancellationToken) ?? throw new ReplicationServiceMissingException();
        var path = service.Path ?? throw new CimDataException(service.ClassName, property: null, "the instance has no path to call it by");
        var inputs = new Dictionary<string, object?>
        {
            ["ComputerSystem"] = VirtualMachineReader.PathOf(call.VirtualMachine, path.Namespace ?? session.Namespace, path.Server),
            ["ReplicationSettingData"] = call.ReplicationSettingData,
        };
        if (call.RecoveryPointIdentifier is { } identifier)
        {
            inputs["RecoveryPointIdentifier"] = identifier;
        }

        var result = await session.InvokeMethodAsync(path, "InitiateFailback", inputs, cancellationToken);
        return new FailbackAnswer((ReturnCode)result.ReturnValue, JobPath(service.ClassName, result.Outputs.GetValueOrDefault("Job")));
    }

    // Sessions return references as paths, but some clients of WMI hand out the instance with its keys.
    private static CimObjectPath? JobPath(string className, object? job) => job switch
    {
        null => null,
        CimObjectPath path => path,
        CimInstance { Path: { } path } => path,
        string text => CimObjectPath.Parse(text),
        _ => throw new CimDataException(className, "InitiateFailback.Job", $"it is a {job.GetType().Name}, expected a reference"),
    };
}
