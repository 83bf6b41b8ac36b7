using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations.Admission;

/// <summary>
/// Who may act for each campaign on this host. A fencing number is believed only from the coordinator that claimed the campaign first, only
/// when it does not jump, and not while another process of that coordinator still holds a connection: of two processes
/// on copies of one store, the first continues and the second is refused. Of two that have had one store to themselves one after the other, the later one is obeyed.
/// </summary>
internal sealed class CampaignClaims
{
    /// <summary>How far an epoch may rise at once. Each take-over of a campaign adds one.</summary>
    public const long LargestStep = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Held> _held = [];

    /// <summary>Restores a claim from the journal: its connection ended with the earlier process.</summary>
    public void Restore(CampaignClaim claim)
    {
        lock (_gate)
        {
            _held[claim.CampaignId] = new Held(claim, new CancellationToken(canceled: true));
        }
    }

    /// <summary>Refuses a claim that may not act.</summary>
    /// <exception cref="OperationRefusedException">STALE_EPOCH, EPOCH_JUMP, CAMPAIGN_OWNED or CAMPAIGN_CLAIMED_TWICE.</exception>
    public void Check(CampaignClaim? claim)
    {
        lock (_gate)
        {
            CheckLocked(claim);
        }
    }

    /// <summary>As <see cref="Check"/>, and from this moment on the claim holds.</summary>
    /// <param name="claim">The claim; null for a single operation.</param>
    /// <param name="connection">Cancelled when the connection that the claim came over has ended.</param>
    /// <returns>Whether the claim says more than the one held before, and must be made durable.</returns>
    /// <exception cref="OperationRefusedException">As <see cref="Check"/>.</exception>
    public bool Hold(CampaignClaim? claim, CancellationToken connection)
    {
        if (claim is null)
        {
            return false;
        }

        lock (_gate)
        {
            CheckLocked(claim);
            var isKnown = _held.TryGetValue(claim.CampaignId, out var held);
            if (claim.Term is null && isKnown && held!.Claim.Instance == claim.Instance)
            {
                // Only a claim tells it, and what an operation is started with does not.
                claim = claim with { Term = held.Claim.Term };
            }

            var changes = !isKnown || held!.Claim != claim;
            _held[claim.CampaignId] = new Held(claim, connection);
            return changes;
        }
    }

    private void CheckLocked(CampaignClaim? claim)
    {
        if (claim is null)
        {
            return;
        }

        var held = _held.GetValueOrDefault(claim.CampaignId);
        var highest = held?.Claim.Epoch ?? 0;
        if (held is { Claim.Coordinator.Length: > 0 } && !string.Equals(held.Claim.Coordinator, claim.Coordinator, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.CampaignOwned(claim, held.Claim.Coordinator);
        }

        if (claim.Epoch < highest)
        {
            throw Refusals.StaleEpoch(claim.CampaignId, claim.Epoch, highest);
        }

        if (claim.Epoch - highest > LargestStep)
        {
            throw Refusals.EpochJump(claim, highest);
        }

        var isOther = held is { Claim.Instance.Length: > 0 } && held.Claim.Instance != claim.Instance;
        if (isOther && (claim.Epoch == highest || !(held!.Connection.IsCancellationRequested || IsLater(claim.Term, held.Claim.Term))))
        {
            throw Refusals.CampaignClaimedTwice(claim, held!.Claim);
        }
    }

    private static bool IsLater(StoreTerm? term, StoreTerm? than)
        => term is not null && than is not null && string.Equals(term.Store, than.Store, StringComparison.Ordinal) && term.Number > than.Number;

    private sealed record Held(CampaignClaim Claim, CancellationToken Connection);
}
