using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>The union of the targets: every machine once, and the reason for those that cannot be failed back.</summary>
internal static class Selection
{
    /// <summary>Returns the machines by host, name and id.</summary>
    public static List<Candidate> Of(CampaignSpec spec, EstateView estate, List<RefusedItem> refused, List<PlanWarning> warnings)
    {
        var candidates = Candidate.Of(estate);
        var byHost = candidates.ToLookup(candidate => candidate.Host, (IEqualityComparer<EstateHost>)ReferenceEqualityComparer.Instance);
        var chosen = new bool[candidates.Count];
        var picked = new bool[candidates.Count];
        var named = new HashSet<Candidate>();

        var unreachable = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < spec.Targets.Count; index++)
        {
            var target = spec.Targets[index];
            var path = $"spec.targets[{index}]";
            var hosts = estate.Hosts.Where(host => Selectors.Matches(target.Hosts, host)).ToList();
            foreach (var host in hosts.Where(host => host.UnreachableReason is not null && unreachable.Add(host.Name)))
            {
                warnings.Add(new PlanWarning(PlanWarningKind.HostUnreachable, $"Host {host.Name} could not be asked for its machines: {host.UnreachableReason}"));
            }

            var matches = hosts.SelectMany(host => byHost[host]).Where(candidate => Selectors.Matches(target, candidate)).ToList();
            var picks = Selectors.PicksMachines(target);
            foreach (var candidate in matches)
            {
                if (candidate.Machine is { IneligibleReason: null, Conflict: null })
                {
                    chosen[candidate.Place] = true;
                    if (target.Hosts.Name is not null)
                    {
                        named.Add(candidate);
                    }
                }
                else if (picks || candidate.Machine.IneligibleReason is null)
                {
                    picked[candidate.Place] = true;
                }
            }

            Warn(target, path, hosts, matches, refused, warnings);
        }

        List<Candidate> all = [.. candidates.Where(candidate => chosen[candidate.Place])];
        var once = spec.TestFailover is not null ? ReplicaPlan.Of(all, refused) : OneOfEach(spec, all, named, candidates, refused, warnings);
        if (spec.TestFailover is null)
        {
            WarnOfOtherCampaigns(once, warnings);
        }

        // Both sides of a replication have the machine; when one of them is an item, the other is not worth reporting.
        var leftOut = candidates.FindAll(candidate => picked[candidate.Place]);
        if (leftOut.Count > 0)
        {
            var ids = once.Select(candidate => candidate.Machine.Id).ToHashSet();
            refused.AddRange(leftOut.Where(candidate => !ids.Contains(candidate.Machine.Id))
                .Select(candidate => Refuse(candidate, (candidate.Machine.IneligibleReason ?? candidate.Machine.Conflict)!)));
        }

        return once;
    }

    private static List<Candidate> OneOfEach(
        CampaignSpec spec, List<Candidate> all, HashSet<Candidate> named, List<Candidate> estate, List<RefusedItem> refused, List<PlanWarning> warnings)
    {
        var overTwoHosts = all.FindAll(candidate => PairPlan.Takes(spec, candidate.Machine));
        if (overTwoHosts.Count == 0)
        {
            return Once(all);
        }

        var production = PairPlan.Production(overTwoHosts, estate, refused);
        if (overTwoHosts.Count == all.Count)
        {
            return production;
        }

        // Keeps the order of the hosts.
        HashSet<Candidate> taken = [.. production, .. Once(all.FindAll(candidate => !PairPlan.Takes(spec, candidate.Machine)))];
        return all.FindAll(taken.Contains);

        List<Candidate> Once(List<Candidate> some) => Copies.Once(some, named, estate, spec.Readiness.Ignore.Contains(Copies.OtherCopyCheck, StringComparer.Ordinal), refused, warnings);
    }

    private static void Warn(
        TargetSelector target, string path, List<EstateHost> hosts, List<Candidate> matches, List<RefusedItem> refused, List<PlanWarning> warnings)
    {
        if (hosts.Count == 0)
        {
            warnings.Add(target.Hosts.Name is { } name
                ? new PlanWarning(PlanWarningKind.UnknownHost, $"{path}.host names '{name}', which is not a known host.")
                : new PlanWarning(PlanWarningKind.TargetMatchesNothing, $"{path}.hosts matches no known host."));
        }

        foreach (var id in target.VirtualMachines?.Ids.Distinct() ?? [])
        {
            if (matches.TrueForAll(candidate => candidate.Machine.Id != id))
            {
                refused.Add(new RefusedItem(target.Hosts.Name ?? string.Empty, id, id.ToString("D"), $"{path}.vms.ids names it, and no selected host has it"));
            }
        }

        if (hosts.Count == 0)
        {
            return;
        }

        foreach (var glob in target.VirtualMachines?.Names ?? [])
        {
            if (matches.TrueForAll(candidate => !glob.Matches(candidate.Machine.Name)))
            {
                warnings.Add(new PlanWarning(PlanWarningKind.TargetMatchesNothing, $"{path}.vms.names has '{glob}', which matches no machine."));
            }
        }

        if (matches.Count == 0 && target.VirtualMachines is null or { Names.Count: 0, Ids.Count: 0 })
        {
            warnings.Add(new PlanWarning(PlanWarningKind.TargetMatchesNothing, $"{path} matches no machine."));
        }
    }

    private static void WarnOfOtherCampaigns(List<Candidate> once, List<PlanWarning> warnings)
        => warnings.AddRange(once.Where(candidate => candidate.Machine.OtherCampaign is not null)
            .GroupBy(candidate => candidate.Machine.OtherCampaign, StringComparer.Ordinal)
            .Select(campaign => new PlanWarning(
                PlanWarningKind.OtherCampaign,
                $"{campaign.Count()} of these machines, the first {campaign.First().Machine.Name}, are also items of {campaign.Key}, which has not ended: each is failed back once, by the campaign that starts it first.")));

    public static RefusedItem Refuse(Candidate candidate, string reason)
        => new(candidate.Host.Name, candidate.Machine.Id, candidate.Machine.Name, reason);
}
