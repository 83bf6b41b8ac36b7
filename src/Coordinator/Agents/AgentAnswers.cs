using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// The one place where what an agent answers is checked before the coordinator believes it: an agent is authenticated, and may be broken or
/// taken over all the same.
/// </summary>
internal static class AgentAnswers
{
    /// <summary>The reason of a refusal for an answer that makes no sense.</summary>
    public const string Reason = "AGENT_ANSWER_INVALID";

    /// <summary>Checks where an agent's journal stands.</summary>
    /// <exception cref="RpcFailure">It is not there, or is no position.</exception>
    public static JournalPosition Require(JournalPosition? position, string host)
        => position is { Commits: >= 0 } && Guid.TryParseExact(position.JournalId, "D", out _) && Guid.TryParseExact(position.ClaimToken, "D", out _)
            ? position
            : throw Invalid(host, $"journal is '{position?.JournalId}' with {position?.Commits ?? 0} commits and the token '{position?.ClaimToken}'; it must be a UUID, a number of at least 0 and a UUID");

    /// <summary>A host whose answer makes no sense counts as out of reach, with a sentence that names it.</summary>
    public static RpcFailure Invalid(string host, string finding)
        => new(StatusCode.Unavailable, Reason, $"host {host} sent an invalid answer: {finding}") { Domain = RpcFailure.ConnectionDomain };
}

/// <summary>
/// A host's machines as its agent lists them, page by page: bounded, each in its place, each with what makes a machine. The first thing that
/// cannot be ends the listing.
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

    /// <summary>Takes a page.</summary>
    /// <returns>The token of the next page; empty after the last.</returns>
    /// <exception cref="RpcFailure">The page makes no sense.</exception>
    public string Take(ListVirtualMachinesResponse page)
    {
        _bytes += page.CalculateSize();
        Require(_bytes <= MaxBytes, $"its list of virtual machines has more than {MaxBytes / 1024 / 1024} MiB");
        Require(_machines.Count + page.VirtualMachines.Count <= Most, $"it lists more than {Most} virtual machines");
        foreach (var machine in page.VirtualMachines)
        {
            Require(Guid.TryParseExact(machine.Id, "D", out var id) && id != Guid.Empty, $"a virtual machine has the id '{Shortened(machine.Id)}', which is no GUID");
            Require(machine.Name.Length is > 0 and <= LongestName, $"virtual machine {machine.Id} has a name of {machine.Name.Length} characters; 1 to {LongestName} are possible");
            Require(machine.IneligibleReason.Length <= LongestText, $"virtual machine {machine.Id} has a reason of {machine.IneligibleReason.Length} characters; at most {LongestText} are read");
            Require(machine.DiskBytes >= 0, $"virtual machine {machine.Id} has disks of {machine.DiskBytes} bytes");
            Require(_ids.Add(machine.Id), $"it lists virtual machine {machine.Id} twice");
            _machines.Add(machine);
        }

        var next = page.NextPageToken;
        Require(next.Length == 0 || page.VirtualMachines.Count > 0, "it sends an empty page with a next page token");
        Require(next.Length == 0 || _tokens.Add(next), "it sends the same page twice");
        return next;
    }

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private void Require(bool holds, string finding)
    {
        if (!holds)
        {
            throw AgentAnswers.Invalid(host, finding);
        }
    }
}
