using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>Assigns each machine to the first wave that takes it, in fair order: round-robin over hosts, then by name, then by id.</summary>
internal static class WaveAssignment
{
    /// <summary>Takes the machines by host, name and id; returns them in starting order.</summary>
    public static List<(int Wave, Candidate Candidate)> Of(
        CampaignSpec spec, List<Candidate> selected, List<RefusedItem> refused, List<PlanWarning> warnings)
    {
        var assigned = new List<(int Wave, Candidate Candidate)>(selected.Count);
        var remaining = selected;
        for (var index = 0; index < spec.Waves.Count; index++)
        {
            var wave = spec.Waves[index];
            var matching = wave.Match is null ? remaining : remaining.FindAll(candidate => Selectors.Matches(wave.Match, candidate));
            var taken = InFairOrder(wave.Take is null ? matching : Unbound(spec, matching, remaining));
            if (wave.Take is { } take)
            {
                taken = taken.GetRange(0, Math.Min(taken.Count, take.Of(selected.Count, leastOfPercentage: 1)));
            }

            if (taken.Count == 0)
            {
                warnings.Add(wave.Match is not null && !selected.Exists(candidate => Selectors.Matches(wave.Match, candidate))
                    ? new PlanWarning(PlanWarningKind.WaveMatchesNothing, $"Wave {wave.Name} has no items: its match selects none of the campaign's machines.")
                    : new PlanWarning(PlanWarningKind.WaveEmpty, $"Wave {wave.Name} has no items."));
                continue;
            }

            assigned.AddRange(taken.Select(candidate => (index, candidate)));
            var gone = taken.ToHashSet();
            remaining = remaining.FindAll(candidate => !gone.Contains(candidate));
        }

        refused.AddRange(remaining.Select(candidate => Selection.Refuse(candidate, "no wave takes it")));
        return assigned;
    }

    /// <summary>
    /// A wave that takes a number has a choice, and skips machines that wait for a machine of no earlier wave: a canary of two gets two
    /// machines that can start first. A wave without a choice keeps what it matches, and the plan reports what is wrong with it.
    /// </summary>
    private static List<Candidate> Unbound(CampaignSpec spec, List<Candidate> matching, List<Candidate> remaining)
    {
        var binding = spec.Dependencies
            .Where(dependency => remaining.Exists(candidate => Selectors.Matches(dependency.After, candidate)))
            .ToList();
        return matching.FindAll(candidate => !binding.Exists(dependency => Selectors.Matches(dependency.Item, candidate)));
    }

    private static List<Candidate> InFairOrder(List<Candidate> byHost)
    {
        // The n-th machine of each host comes before the (n+1)th of any; a stable sort by n keeps the hosts in order.
        var ranked = new List<(int Rank, Candidate Candidate)>(byHost.Count);
        for (var index = 0; index < byHost.Count; index++)
        {
            var sameHost = index > 0 && ReferenceEquals(byHost[index - 1].Host, byHost[index].Host);
            ranked.Add((sameHost ? ranked[^1].Rank + 1 : 0, byHost[index]));
        }

        return [.. ranked.OrderBy(pair => pair.Rank).Select(pair => pair.Candidate)];
    }
}
