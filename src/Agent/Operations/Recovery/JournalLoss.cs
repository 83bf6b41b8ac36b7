using System.Globalization;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations.Recovery;

/// <summary>What a damage of the journal means for new operations, for as long as an id of before it may come again.</summary>
/// <param name="damages">The damages that the journal knows of, oldest first.</param>
/// <param name="retention">How long an operation id must not be used again.</param>
/// <param name="time">The clock.</param>
internal sealed class JournalLoss(IReadOnlyList<JournalDamage> damages, TimeSpan retention, TimeProvider time)
{
    /// <summary>The newest damage within the retention; null when there is none.</summary>
    public JournalDamage? Newest => damages.LastOrDefault(IsRecent);

    /// <summary>The newest damage after which operations may be missing: an id that the journal does not know may have been used. Null when every unknown id is a new one.</summary>
    public JournalDamage? InForce => damages.LastOrDefault(damage => damage.OperationsMissing && IsRecent(damage));

    /// <summary>What a caller's memory of the journal shows: a journal that was replaced, or put back from a copy, is whole in itself.</summary>
    /// <param name="before">Where the journal stood when the caller may have sent an operation; null when it never did.</param>
    /// <param name="now">Where it stands.</param>
    /// <param name="hasToken">Whether it has the token of then.</param>
    /// <returns>Null when the journal is the one of then, and not younger.</returns>
    public JournalDamage? Since(JournalPosition? before, JournalPosition now, bool hasToken) => before is null || (before.JournalId == now.JournalId && before.Commits <= now.Commits && hasToken)
        ? null
        : new JournalDamage(
            time.GetUtcNow(),
            string.Empty,
            before.JournalId == now.JournalId
                ? string.Create(CultureInfo.InvariantCulture, $"it lacks what it had when the operation may first have been sent, at commit {before.Commits}: it was put back from a copy")
                : "it is not the journal of when the operation may first have been sent: it was replaced",
            OperationsMissing: true);

    private bool IsRecent(JournalDamage damage) => damage.FindTime + retention > time.GetUtcNow();
}
