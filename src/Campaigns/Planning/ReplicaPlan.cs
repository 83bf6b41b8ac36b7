namespace HostAgent.Campaigns.Planning;

/// <summary>The items of a campaign that tests replicas: of each machine one replica, on the host that keeps it.</summary>
internal static class ReplicaPlan
{
    /// <summary>Chooses, of each machine, the replica of the primary; an extended replica only where that one is not selected.</summary>
    /// <param name="chosen">The replicas that the targets select and that can be tested, by host, name and id.</param>
    /// <param name="refused">Receives those that are left out.</param>
    public static List<Candidate> Of(List<Candidate> chosen, List<RefusedItem> refused)
    {
        var replicas = chosen.ToLookup(candidate => candidate.Machine.Id);
        return chosen.FindAll(candidate =>
        {
            var all = replicas[candidate.Machine.Id].ToList();
            var first = all.FindAll(replica => replica.Machine.Mode == ReplicaMode.Replica);
            switch (first.Count > 0 ? first : all)
            {
                case [var only] when only == candidate:
                    return true;
                case [var only]:
                    refused.Add(Selection.Refuse(candidate, $"its replica on {only.Host.Name} is tested"));
                    return false;
                case var several:
                    refused.Add(Selection.Refuse(candidate, $"several hosts have a replica of it, {string.Join(", ", several.Select(replica => replica.Host.Name))}: name its host"));
                    return false;
            }
        });
    }

    /// <summary>Gives an item its only step.</summary>
    public static PlannedItem WithStep(PlannedItem item) => item with
    {
        Steps = [new PlannedStep(StepKind.TestFailover, item.Host) { Site = item.Site, PrimarySite = item.PrimarySite, Tenant = item.Tenant }],
    };
}
