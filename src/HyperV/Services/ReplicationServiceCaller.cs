using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Services;

/// <summary>
/// Calls the replication service. The service's instance is looked up for each call: its path becomes invalid when the management
/// service restarts.
/// </summary>
internal sealed class ReplicationServiceCaller(ICimSession session)
{
    public async Task<CimInstance?> FindServiceAsync(CancellationToken cancellationToken)
        => await session.ListInstancesAsync(HyperVClasses.ReplicationService, [], cancellationToken) is [var service, ..] ? service : null;

    public async Task<FailbackAnswer> InitiateFailbackAsync(FailbackCall call, CancellationToken cancellationToken)
    {
        var path = await RequireServiceAsync(cancellationToken);
        var inputs = new Dictionary<string, object?>
        {
            ["ComputerSystem"] = PathOf(call.VirtualMachine, path),
            ["ReplicationSettingData"] = call.ReplicationSettingData,
        };
        if (call.RecoveryPointIdentifier is { } identifier)
        {
            inputs["RecoveryPointIdentifier"] = identifier;
        }

        var answer = await InvokeAsync(path, "InitiateFailback", inputs, cancellationToken);
        return new FailbackAnswer(answer.Code, answer.Job);
    }

    public async Task<ServiceAnswer> TestConnectionAsync(ReplicaConnection connection, CancellationToken cancellationToken)
        => await InvokeAsync(
            await RequireServiceAsync(cancellationToken),
            "TestReplicationConnection",
            new Dictionary<string, object?>
            {
                ["RecoveryConnectionPoint"] = connection.ConnectionPoint,
                ["RecoveryServerPortNumber"] = (ushort)connection.Port,
                ["AuthenticationType"] = (ushort)connection.AuthenticationType,
                ["CertificateThumbPrint"] = connection.CertificateThumbPrint,
                ["BypassProxyServer"] = connection.BypassProxyServer,
            },
            cancellationToken);

    /// <summary>Reads the certificates of the computer's personal store.</summary>
    /// <returns>The return code and each certificate as text; none unless the code is 0.</returns>
    public async Task<(ReturnCode Code, IReadOnlyList<string> Encoded)> GetSystemCertificatesAsync(CancellationToken cancellationToken)
    {
        const string Method = "GetSystemCertificates";
        const string Output = "EncodedCertificates";
        var path = await RequireServiceAsync(cancellationToken);
        var result = await session.InvokeMethodAsync(path, Method, new Dictionary<string, object?>(), cancellationToken);
        return ((ReturnCode)result.ReturnValue, result.Outputs.GetValueOrDefault(Output) switch
        {
            null => [],
            string text => [text],
            string?[] texts => [.. texts.OfType<string>()],
            var other => throw new CimDataException(path.ClassName, $"{Method}.{Output}", $"it is a {other.GetType().Name}, expected strings"),
        });
    }

    /// <summary>Reads the statistics of the primary relationship.</summary>
    public async Task<ReplicationStatisticsAnswer> GetStatisticsAsync(ReplicationRelationship relationship, CancellationToken cancellationToken)
    {
        const string Method = "GetReplicationStatisticsEx";
        var path = await RequireServiceAsync(cancellationToken);
        var embedded = new CimInstance(path: null, HyperVClasses.ReplicationRelationship, [new("InstanceID", relationship.InstanceId.ToString())]);
        var inputs = new Dictionary<string, object?>
        {
            ["ComputerSystem"] = PathOf(relationship.InstanceId.VirtualMachine, path),
            ["ReplicationRelationship"] = CimXmlText.Write(embedded),
        };
        var result = await session.InvokeMethodAsync(path, Method, inputs, cancellationToken);
        return new ReplicationStatisticsAnswer(
            (ReturnCode)result.ReturnValue,
            EmbeddedInstances.Read(
                result.Outputs.GetValueOrDefault("ReplicationStatistics"), (path.ClassName, $"{Method}.ReplicationStatistics"), StatisticsReader.Read),
            JobErrorReader.Read(result.Outputs.GetValueOrDefault("ReplicationHealthIssues"), path.ClassName, $"{Method}.ReplicationHealthIssues"));
    }

    private async Task<CimObjectPath> RequireServiceAsync(CancellationToken cancellationToken)
    {
        var service = await FindServiceAsync(cancellationToken) ?? throw new ReplicationServiceMissingException();
        return service.Path ?? throw new CimDataException(service.ClassName, property: null, "the instance has no path");
    }

    /// <summary>Invokes any method that answers with a return code and a job.</summary>
    public static async Task<ServiceAnswer> InvokeAsync(
        ICimSession session, CimObjectPath target, string method, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        var result = await session.InvokeMethodAsync(target, method, inputs, cancellationToken);
        return new ServiceAnswer((ReturnCode)result.ReturnValue, PathOf(target.ClassName, method, "Job", result.Outputs.GetValueOrDefault("Job")))
        {
            ResultingSystem = PathOf(target.ClassName, method, "ResultingSystem", result.Outputs.GetValueOrDefault("ResultingSystem"))?.Keys.GetValueOrDefault("Name") is string name
                && VirtualMachineId.TryParse(name, out var made) ? made : null,
        };
    }

    /// <summary>Invokes a method of the service for one machine.</summary>
    public async Task<ServiceAnswer> CallAsync(string method, VirtualMachineId id, Dictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        var path = await RequireServiceAsync(cancellationToken);
        inputs["ComputerSystem"] = PathOf(id, path);
        return await InvokeAsync(path, method, inputs, cancellationToken);
    }

    private Task<ServiceAnswer> InvokeAsync(CimObjectPath service, string method, Dictionary<string, object?> inputs, CancellationToken cancellationToken)
        => InvokeAsync(session, service, method, inputs, cancellationToken);

    private CimObjectPath PathOf(VirtualMachineId id, CimObjectPath service)
        => VirtualMachineReader.PathOf(id, service.Namespace ?? session.Namespace, service.Server);

    // Sessions return references as paths, but some WMI clients return the instance with its keys.
    private static CimObjectPath? PathOf(string className, string method, string output, object? reference) => reference switch
    {
        null => null,
        CimObjectPath path => path,
        CimInstance { Path: { } path } => path,
        string text => CimObjectPath.Parse(text),
        _ => throw new CimDataException(className, $"{method}.{output}", $"it is a {reference.GetType().Name}, expected a reference"),
    };
}

/// <summary>The answer of a replication service method.</summary>
/// <param name="Code">The return code; unnamed numbers are kept.</param>
/// <param name="Job">The job's path; documented for 4096 only.</param>
public sealed record ServiceAnswer(ReturnCode Code, CimObjectPath? Job)
{
    /// <summary>The machine that the method makes, as <c>TestReplicaSystem</c> names it; null when the answer names none.</summary>
    public VirtualMachineId? ResultingSystem { get; init; }

    /// <summary>What the code means for the caller.</summary>
    public ReturnCodeMeaning Meaning => ReturnCodeMeaning.Of(Code);
}
