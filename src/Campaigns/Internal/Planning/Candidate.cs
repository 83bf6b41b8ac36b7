using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Internal.Planning;

/// <summary>A machine on its host. Compared by reference: an estate of a hundred thousand machines is planned in one pass over each.</summary>
/// <param name="host">The host.</param>
/// <param name="machine">The machine.</param>
/// <param name="place">Its place among all candidates by host, name and id.</param>
internal sealed class Candidate(EstateHost host, EstateVirtualMachine machine, int place)
{
    public EstateHost Host { get; } = host;

    public EstateVirtualMachine Machine { get; } = machine;

    public int Place { get; } = place;

    /// <summary>All machines of an estate, host by host, each at its place.</summary>
    public static List<Candidate> Of(EstateView estate)
    {
        var all = new List<Candidate>(estate.Hosts.Sum(host => host.VirtualMachines.Count));
        foreach (var host in estate.Hosts.Order(Comparer<EstateHost>.Create(static (left, right) => CompareNames(left.Name, right.Name))))
        {
            EstateVirtualMachine[] machines = [.. host.VirtualMachines];
            Array.Sort(machines, static (left, right) =>
            {
                var byName = CompareNames(left.Name, right.Name);
                return byName != 0 ? byName : left.Id.CompareTo(right.Id);
            });
            foreach (var machine in machines)
            {
                all.Add(new Candidate(host, machine, all.Count));
            }
        }

        return all;
    }

    /// <summary>Without case, and where only the case differs by the code: the order is total.</summary>
    private static int CompareNames(string left, string right)
    {
        var withoutCase = string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
        return withoutCase != 0 ? withoutCase : string.CompareOrdinal(left, right);
    }
}
