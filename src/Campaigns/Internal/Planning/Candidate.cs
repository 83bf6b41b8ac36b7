using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Internal.Planning;

/// <summary>A machine on its host.</summary>
internal sealed record Candidate(EstateHost Host, EstateVirtualMachine Machine)
{
    public static IComparer<Candidate> ByHostNameId { get; } = Comparer<Candidate>.Create(static (left, right) =>
    {
        var byHost = CompareNames(left.Host.Name, right.Host.Name);
        var byName = byHost != 0 ? byHost : CompareNames(left.Machine.Name, right.Machine.Name);
        return byName != 0 ? byName : left.Machine.Id.CompareTo(right.Machine.Id);
    });

    /// <summary>Without case, and where only the case differs by the code: the order is total.</summary>
    private static int CompareNames(string left, string right)
    {
        var withoutCase = string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
        return withoutCase != 0 ? withoutCase : string.CompareOrdinal(left, right);
    }
}
