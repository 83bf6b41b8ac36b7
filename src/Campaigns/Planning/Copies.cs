using System.Globalization;

namespace HostAgent.Campaigns.Planning;

/// <summary>
/// Copies of one machine. Hyper-V keeps a machine's GUID on every host that holds a copy: an extended replica, one left behind by a
/// move, one restored from a backup. A machine is failed back once, from the copy that the document names or that replication identifies.
/// </summary>
internal static class Copies
{
    /// <summary>The check that a document accepts (<c>readiness.ignore</c>) to take a named copy although another one was failed back.</summary>
    public const string OtherCopyCheck = "OTHER_COPY_FAILED_BACK";

    /// <summary>Chooses one copy of each selected machine.</summary>
    /// <param name="chosen">The machines that the targets select and that can be failed back, by host, name and id.</param>
    /// <param name="named">Those selected by a target that names the host.</param>
    /// <param name="estate">All machines of the estate, selected or not.</param>
    /// <param name="acceptsOther">Whether the document accepts <see cref="OtherCopyCheck"/>.</param>
    /// <param name="refused">Receives the copies that are not chosen.</param>
    /// <param name="warnings">Receives a warning for each choice.</param>
    public static List<Candidate> Once(
        List<Candidate> chosen, IReadOnlySet<Candidate> named, List<Candidate> estate, bool acceptsOther, List<RefusedItem> refused, List<PlanWarning> warnings)
    {
        var ids = new HashSet<Guid>(estate.Count);
        var contested = new HashSet<Guid>();
        contested.UnionWith(estate.Where(candidate => candidate.Machine.IsCopy && !ids.Add(candidate.Machine.Id)).Select(candidate => candidate.Machine.Id));
        contested.UnionWith(chosen.Where(candidate => candidate.Machine.WentHome is not null).Select(candidate => candidate.Machine.Id));
        if (contested.Count == 0)
        {
            return chosen;
        }

        var copies = estate.Where(candidate => candidate.Machine.IsCopy && contested.Contains(candidate.Machine.Id)).ToLookup(candidate => candidate.Machine.Id);
        var takenOnce = new HashSet<Candidate>();
        foreach (var machine in chosen.Where(candidate => contested.Contains(candidate.Machine.Id)).GroupBy(candidate => candidate.Machine.Id))
        {
            var (taken, reason) = Choose([.. machine], named, [.. copies[machine.Key]], acceptsOther);
            if (taken is not null)
            {
                takenOnce.Add(taken);
                warnings.Add(new PlanWarning(PlanWarningKind.CopyChosen, $"Machine {taken.Machine.Name} ({machine.Key:D}): the copy on {taken.Host.Name} is used; {reason}."));
            }

            refused.AddRange(machine.Where(candidate => candidate != taken).Select(candidate => Selection.Refuse(candidate, reason)));
        }

        // Keeps the order of the hosts: a machine with copies takes the place of its chosen copy.
        return chosen.FindAll(candidate => !contested.Contains(candidate.Machine.Id) || takenOnce.Contains(candidate));
    }

    private static (Candidate? Taken, string Reason) Choose(List<Candidate> chosen, IReadOnlySet<Candidate> named, List<Candidate> all, bool acceptsOther)
    {
        var byName = chosen.FindAll(named.Contains);
        if (all.Find(copy => copy.Machine.IsHome) is { } home && !(acceptsOther && byName.Count == 1))
        {
            return (null, $"{OtherCopyCheck}: its copy on {home.Host.Name} was or is being failed back (replication state {home.Machine.State}); two copies of one machine are never both failed back");
        }

        if (chosen.Find(copy => copy.Machine.WentHome is { IsHome: false })?.Machine.WentHome is { } underWay)
        {
            return (null, $"{OtherCopyCheck}: its copy on {underWay.Host} {underWay.Explanation}; two copies of one machine are never both failed back");
        }

        // An earlier campaign's failback counts unless the host it was failed back from shows that the machine came back there.
        if (chosen.Find(copy => copy.Machine.WentHome is { } went && !all.Exists(other => SameName(other.Host.Name, went.Host)))?.Machine.WentHome is { } previous
            && !(acceptsOther && byName.Count == 1))
        {
            return (null, $"{OtherCopyCheck}: its copy on {previous.Host} {previous.Explanation}, and that host does not show that it came back; two copies of one machine are never both failed back");
        }

        if (all.Count == 1)
        {
            return (all[0], "an earlier campaign's failback of another copy no longer applies");
        }

        if (byName.Count == 1)
        {
            return (byName[0], $"the document names its host, and there are also copies on {Others(all, byName[0])}");
        }

        if (byName.Count > 1)
        {
            return (null, $"the document names {byName.Count} copies of this machine, on {List(byName)}; name the one to fail back");
        }

        var replicas = all.FindAll(copy => copy.Machine.Mode == ReplicaMode.Replica);
        if (replicas is [var replica] && all.TrueForAll(copy => copy == replica || copy.Machine.Mode == ReplicaMode.ExtendedReplica))
        {
            if (replica.Machine.IsCritical || all.Exists(copy => copy != replica && copy.Machine.LastReplication > replica.Machine.LastReplication))
            {
                return (null, $"the replica on {Describe(replica)} is not clearly the best copy; the others are {Others(all, replica)}; name the host of the one to fail back");
            }

            return chosen.Contains(replica)
                ? (replica, $"it is the replica, and {Others(all, replica)} extends it")
                : (null, $"the replica itself is on {replica.Host.Name}, which the document does not select; name this copy's host to use it instead");
        }

        return (null, $"there are copies of this machine on {List(all)}, and it is unclear which one to fail back; name its host");
    }

    private static string Others(List<Candidate> all, Candidate taken) => List(all.FindAll(copy => copy != taken));

    private static string List(List<Candidate> copies) => string.Join(" and ", copies.Select(Describe));

    private static string Describe(Candidate copy)
    {
        var mode = copy.Machine.Mode switch
        {
            ReplicaMode.Replica => "replica",
            ReplicaMode.ExtendedReplica => "extended replica",
            _ => "copy",
        };
        var age = copy.Machine.LastReplication is { } last
            ? string.Create(CultureInfo.InvariantCulture, $", data of {last.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z")
            : string.Empty;
        return $"{copy.Host.Name} ({mode}{age}{(copy.Machine.IsCritical ? ", health critical" : string.Empty)})";
    }

    private static bool SameName(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Allows an item to start, or says why not.</summary>
public interface IMachineGate
{
    /// <summary>Asks for an item that is about to start. An item that is allowed holds its machine from this moment on.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Null when it may start.</returns>
    MachineObstacle? Enter(PlannedItem item);
}

/// <summary>Why an item may not start: another copy of its machine.</summary>
/// <param name="Explanation">One sentence.</param>
/// <param name="IsFinal">Whether the other copy has been failed back, so that waiting does not help.</param>
public sealed record MachineObstacle(string Explanation, bool IsFinal);
