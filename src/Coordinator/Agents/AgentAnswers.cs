using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// Validates every agent response before the coordinator uses it: an agent is authenticated, but may still be faulty or
/// compromised.
/// </summary>
internal static class AgentAnswers
{
    /// <summary>The reason of the failure for an invalid response.</summary>
    public const string Reason = "AGENT_ANSWER_INVALID";

    /// <summary>Validates the position of an agent's journal.</summary>
    /// <exception cref="RpcFailure">It is missing or invalid.</exception>
    public static JournalPosition Require(JournalPosition? position, string host)
        => position is { Commits: >= 0 } && Guid.TryParseExact(position.JournalId, "D", out _) && Guid.TryParseExact(position.ClaimToken, "D", out _)
            ? position
            : throw Invalid(host, $"journal is '{position?.JournalId}' with {position?.Commits ?? 0} commits and the token '{position?.ClaimToken}'; it must be a UUID, a number of at least 0 and a UUID");

    /// <summary>A host that sends an invalid response counts as unreachable; the message names the finding.</summary>
    public static RpcFailure Invalid(string host, string finding)
        => new(StatusCode.Unavailable, Reason, $"host {host} sent an invalid answer: {finding}") { Domain = RpcFailure.ConnectionDomain };
}

/// <summary>
/// A host's machines as listed by its agent, page by page: bounded, without duplicates, each with a valid id, name and size. The first
/// violation ends the listing.
/// </summary>
/// <param name="host">The host, for messages.</param>
internal sealed class ListedMachines(string host)
{
    private const int Most = 10_000;
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int LongestName = 1024;
    private const int LongestText = 4096;

    private readonly List<VirtualMachine> _machines = [];
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private int _bytes;

    public IReadOnlyList<VirtualMachine> Machines => _machines;

    /// <summary>Adds a page.</summary>
    /// <returns>The token of the next page; empty after the last.</returns>
    /// <exception cref="RpcFailure">The page is invalid.</exception>
    public string Take(ListVirtualMachinesResponse page)
    {
        _bytes += page.CalculateSize();
        Require(_bytes <= MaxBytes, $"its list of virtual machines has more than {MaxBytes / 1024 / 1024} MiB");
        Require(_machines.Count + page.VirtualMachines.Count <= Most, $"it lists more than {Most} virtual machines");
        foreach (var machine in page.VirtualMachines)
        {
            Require(Guid.TryParseExact(machine.Id, "D", out var id) && id != Guid.Empty, $"a virtual machine has the id '{VisibleText.Shortened(machine.Id)}', which is not a GUID");
            Require(machine.Name.Length is > 0 and <= LongestName, $"virtual machine {machine.Id} has a name of {machine.Name.Length} characters; it must have 1 to {LongestName}");
            Require(machine.IneligibleReason.Length <= LongestText, $"virtual machine {machine.Id} has a reason of {machine.IneligibleReason.Length} characters; it may have at most {LongestText}");
            Require(machine.DiskBytes >= 0, $"virtual machine {machine.Id} has disks of {machine.DiskBytes} bytes");
            Require(_ids.Add(machine.Id), $"it lists virtual machine {machine.Id} twice");
            _machines.Add(machine);
        }

        var next = page.NextPageToken;
        Require(next.Length == 0 || page.VirtualMachines.Count > 0, "it sends an empty page with a next page token");
        Require(next.Length == 0 || _tokens.Add(next), "it sends the same page twice");
        return next;
    }

    private void Require(bool holds, string finding)
    {
        if (!holds)
        {
            throw AgentAnswers.Invalid(host, finding);
        }
    }
}
