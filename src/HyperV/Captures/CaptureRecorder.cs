using System.Runtime.CompilerServices;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Captures;

/// <summary>
/// Records what a host shows of one machine: every class and association that this product reads, then the changes of the machine, its
/// relationships and all jobs, for as long as somebody works on it. It only reads: no method is invoked.
/// </summary>
/// <param name="namespaces">The host's namespaces.</param>
/// <param name="machine">The machine.</param>
/// <param name="time">Clock for the pauses between two looks.</param>
public sealed class CaptureRecorder(HostNamespaces namespaces, VirtualMachineId machine, TimeProvider time)
{
    /// <summary>The pause between two looks for changes.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly (string Association, string Result)[] Associations =
    [
        (HyperVClasses.SystemReplicationRelationship, HyperVClasses.ReplicationRelationship),
        (HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData),
        (HyperVClasses.SnapshotOfVirtualSystem, HyperVClasses.VirtualSystemSettingData),
        (HyperVClasses.AffectedJobElement, HyperVClasses.AnyConcreteJob),
        (HyperVClasses.ReplicaSystemDependency, HyperVClasses.ComputerSystem),
    ];

    private static readonly string[] Classes =
    [
        HyperVClasses.ComputerSystem, HyperVClasses.ReplicationRelationship, HyperVClasses.ReplicationSettingData, HyperVClasses.ReplicationService,
        HyperVClasses.ReplicationServiceSettingData, HyperVClasses.ReplicationAuthorizationSettingData, HyperVClasses.ReplicationProvider,
        HyperVClasses.StorageAllocationSettingData, HyperVClasses.VirtualSystemSettingData, HyperVClasses.ImageManagementService, HyperVClasses.ConcreteJob,
    ];

    // Counters that run all the time; alone they are no change.
    private static readonly string[] Running = ["OnTimeInMilliseconds", "ElapsedTime"];

    private readonly string _id = machine.ToString();

    /// <summary>Records what the host shows now.</summary>
    /// <exception cref="CimException">The host cannot be read at all.</exception>
    public async IAsyncEnumerable<CaptureRecord> RecordStateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var className in Classes)
        {
            yield return await ListAsync(namespaces.Virtualization, className, cancellationToken);
        }

        foreach (var (association, result) in Associations)
        {
            yield return await AssociateAsync(association, result, cancellationToken);
        }

        if (namespaces.Windows is { } windows)
        {
            yield return await ListAsync(windows, VolumeClasses.Volume, cancellationToken);
        }

        if (namespaces.Cluster is { } cluster)
        {
            yield return await ListAsync(cluster, ClusterClasses.Resource, cancellationToken);
        }
    }

    /// <summary>
    /// Records changes until cancelled. What comes and goes between two looks is not seen. A host that does not answer is asked again.
    /// </summary>
    public async IAsyncEnumerable<CaptureRecord> RecordChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        Dictionary<CimObjectPath, CimInstance>? known = null;
        var answers = true;
        while (true)
        {
            var (now, error) = await LookAsync(cancellationToken);
            var after = time.GetElapsedTime(began);
            if (now is null && answers)
            {
                yield return new CapturedOutage(after, error);
            }

            foreach (var change in now is null || known is null ? [] : Compare(known, now, after))
            {
                yield return change;
            }

            answers = now is not null;
            known = now ?? known;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static IEnumerable<CapturedChange> Compare(Dictionary<CimObjectPath, CimInstance> known, Dictionary<CimObjectPath, CimInstance> now, TimeSpan after)
    {
        foreach (var (path, instance) in now)
        {
            if (!known.TryGetValue(path, out var before))
            {
                yield return new CapturedChange(after, CimInstanceEventKind.Created, instance);
            }
            else if (Shown(before) != Shown(instance))
            {
                yield return new CapturedChange(after, CimInstanceEventKind.Modified, instance);
            }
        }

        foreach (var (path, instance) in known.Where(one => !now.ContainsKey(one.Key)))
        {
            yield return new CapturedChange(after, CimInstanceEventKind.Deleted, instance);
        }
    }

    private static string Shown(CimInstance instance)
        => CaptureText.Write(new CapturedListing(
            string.Empty,
            string.Empty,
            [new CimInstance(instance.Path, instance.ClassName, instance.Properties.Where(property => !Running.Contains(property.Key, StringComparer.OrdinalIgnoreCase)))]));

    private async Task<(Dictionary<CimObjectPath, CimInstance>? Seen, uint Error)> LookAsync(CancellationToken cancellationToken)
    {
        var session = namespaces.Virtualization;
        var seen = new List<CimInstance>();
        try
        {
            if (await session.GetInstanceAsync(VirtualMachineReader.PathOf(machine), cancellationToken) is { } system)
            {
                seen.Add(system);
                seen.AddRange(await session.ListAssociatorsAsync(
                    VirtualMachineReader.PathOf(machine), HyperVClasses.SystemReplicationRelationship, HyperVClasses.ReplicationRelationship, cancellationToken));
            }

            seen.AddRange(await session.ListInstancesAsync(HyperVClasses.ConcreteJob, [], cancellationToken));
        }
        catch (CimException exception)
        {
            return (null, exception.ErrorCode);
        }

        return (seen.Where(instance => instance.Path is not null).DistinctBy(instance => instance.Path).ToDictionary(instance => instance.Path!), 0);
    }

    private async Task<CaptureRecord> ListAsync(ICimSession session, string className, CancellationToken cancellationToken)
    {
        try
        {
            var instances = await session.ListInstancesAsync(className, [], cancellationToken);
            return new CapturedListing(session.Namespace, className, [.. instances.Where(Concerns)]);
        }
        catch (CimException exception) when (IsAbsent(exception))
        {
            return new CapturedRefusal(session.Namespace, className, exception.ErrorCode);
        }
    }

    private async Task<CaptureRecord> AssociateAsync(string association, string result, CancellationToken cancellationToken)
    {
        var session = namespaces.Virtualization;
        var source = VirtualMachineReader.PathOf(machine);
        try
        {
            return new CapturedAssociation(session.Namespace, source, association, result, await session.ListAssociatorsAsync(source, association, result, cancellationToken));
        }
        catch (CimException exception) when (IsAbsent(exception))
        {
            return new CapturedRefusal(session.Namespace, association, exception.ErrorCode);
        }
    }

    private static bool IsAbsent(CimException exception)
        => exception.ErrorCode is CimErrorCode.InvalidClass or CimErrorCode.InvalidNamespace or CimErrorCode.NotFound;

    // Other machines' rows are nobody's business: of the classes that have rows for each machine, only this one's are kept, and the host's own.
    private bool Concerns(CimInstance instance) => instance.ClassName switch
    {
        HyperVClasses.ComputerSystem => Names(instance) || !Guid.TryParse(instance["Name"] as string, out _),
        HyperVClasses.ReplicationRelationship or HyperVClasses.ReplicationSettingData or HyperVClasses.StorageAllocationSettingData
            or HyperVClasses.VirtualSystemSettingData => Names(instance),
        ClusterClasses.Resource => Names(instance) || instance["PrivateProperties"] is not CimInstance properties || properties["VmID"] is null,
        _ => true,
    };

    private bool Names(CimInstance instance)
        => instance.Properties.Values.SelectMany(TextsOf).Any(text => text.Contains(_id, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> TextsOf(object? value) => value switch
    {
        string text => [text],
        string?[] texts => texts.OfType<string>(),
        CimObjectPath path => [path.ToString()],
        CimInstance instance => instance.Properties.Values.SelectMany(TextsOf),
        _ => [],
    };
}
