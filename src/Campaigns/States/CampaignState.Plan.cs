using System.Runtime.InteropServices;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.States;

/// <content>Document and plan.</content>
public sealed partial class CampaignState
{
    private readonly List<PlannedItem> _planned = [];

    private void ApplyToPlan(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignCreated created:
                Uid = created.Uid;
                Epoch = 1;
                CreatedBy = created.Actor;
                CreateTime = created.At;
                Begin(created.Spec, created.Document);
                break;
            case CampaignRevised revised:
                Begin(revised.Spec, revised.Document);
                break;
            case ItemsPlanned planned:
                // Limits may be percentages of all items, so nothing is built before the last item is known.
                _planned.AddRange(planned.Items);
                break;
            case CampaignPlanned planned:
                Notes = planned.Notes ?? PlanNotes.None;
                Build(planned.Dependencies, planned.Together ?? []);
                if (Spec!.HostToHost is not null)
                {
                    // They need no wave to be brought in step.
                    _items.ForEach(Waiting.Refresh);
                }

                Status = CampaignStatus.Ready;
                break;
            default:
                throw Unknown(campaignEvent);
        }
    }

    private void Begin(CampaignSpec spec, string document)
    {
        Spec = spec;
        Document = document;
        Notes = PlanNotes.None;
        Status = CampaignStatus.Draft;
        StartTime = null;
        StartedBy = string.Empty;
        DueRun = null;
        SkippedByPerson = 0;
        Fenced = 0;
        Revision = Version;
        Counts = new ItemCounts();
        Waiting = new WaitingIndex();
        Timers.Clear();
        Dependencies.Clear();
        _planned.Clear();
        _items.Clear();
        _itemsById.Clear();
        _hosts.Clear();
        _hostsByName.Clear();
        _sites.Clear();
        _sitesByName.Clear();
        _groups.Clear();
        _lanes.Clear();
        _waves.Clear();
        _closedPhases.Clear();
        Sets.Clear();
        _waves.AddRange(spec.Waves.Select((wave, index) => new CampaignWave(index, wave, spec.OutageOf(wave))));
    }

    /// <summary>Builds items, hosts and sites.</summary>
    /// <param name="dependencies">The plan's dependencies.</param>
    /// <param name="sets">The plan's sets that switch together.</param>
    /// <param name="snapshot">Their state in a snapshot; null when there have been no events about them.</param>
    private void Build(IReadOnlyList<PlannedDependency> dependencies, IReadOnlyList<PlannedSet> sets, StateSnapshot? snapshot = null)
    {
        var storedItems = snapshot?.Items.ToDictionary(item => item.Index);
        var total = _planned.Count;
        var hosts = new List<CampaignHost>();
        Whole = new LimitGroup(Allowed(Spec!.Limits.Campaign, total));
        Switches = new PhaseGroup(Allowed(Spec.Limits.Switch, total));
        Copies = new PhaseGroup(int.MaxValue);
        Dependencies.AddRange(dependencies.Select(dependency => new DependencyState(dependency)));

        foreach (var plannedItem in _planned)
        {
            var wave = _waves[plannedItem.Wave];
            hosts.Clear();
            for (var step = 0; step < plannedItem.StepCount; step++)
            {
                hosts.Add(Host(plannedItem.StepAt(step), total, snapshot));
            }

            var item = storedItems?.GetValueOrDefault(_items.Count) ?? new CampaignItem();
            item.Join(_items.Count, plannedItem, CollectionsMarshal.AsSpan(hosts), wave);
            for (var step = 0; step < hosts.Count; step++)
            {
                AddQueue(plannedItem, step, wave, hosts, total);
            }

            Add(item);
        }

        for (var dependency = 0; dependency < Dependencies.Count; dependency++)
        {
            foreach (var after in Dependencies[dependency].Planned.After)
            {
                _items[after].AddAwaitedBy(dependency);
            }
        }

        foreach (var set in sets.Select(planned => new TogetherSet(planned)))
        {
            Sets.Add(set);
            foreach (var member in set.Planned.Items)
            {
                _items[member].AddSet(set);
            }
        }

        _planned.Clear();
        _planned.TrimExcess();
    }

    private void Add(CampaignItem item)
    {
        var (planned, wave) = (item.Planned, item.Wave);
        if (wave.Counts.Total == 0)
        {
            wave.FirstItem = item.Index;
        }

        _items.Add(item);
        _itemsById.Add(item.Id, item);
        Counts.Add(item.Status);
        wave.Counts.Add(item.Status);
        foreach (var dependency in planned.Dependencies)
        {
            Dependencies[dependency].Waiting.Add(item.Index);
        }
    }

    private CampaignHost Host(PlannedStep step, int total, StateSnapshot? snapshot)
    {
        var limits = Spec!.Limits;
        if (!_hostsByName.TryGetValue(step.Host, out var host))
        {
            host = snapshot is null ? new CampaignHost() : snapshot.Hosts[_hosts.Count];
            host.Join(_hosts.Count, step.Host, Allowed(limits.Host, total), Site(step.Site, Allowed(limits.Site, total), snapshot));
            _hosts.Add(host);
            _hostsByName.Add(host.Name, host);
        }

        return host;
    }

    /// <summary>The queue that an item waits in for a step: of its host, or of the two hosts of a pair.</summary>
    private void AddQueue(PlannedItem planned, int position, CampaignWave wave, List<CampaignHost> hosts, int total)
    {
        var step = planned.StepAt(position);
        var (host, peer) = (hosts[position], step.Kind != StepKind.InitiateFailback && hosts.Count > 1 ? hosts[hosts[position] == hosts[1] ? 0 : 1] : null);
        var queue = WaitingIndex.QueueKey(wave, step.Kind, peer);
        if (host.Queues.ContainsKey(queue))
        {
            return;
        }

        // Both steps of a pair go over one link, whichever of its ends makes them.
        var ends = peer is null ? step : planned.StepAt(0);
        var key = $"{queue.Wave}\n{host.Site.Name}\n{peer?.Site.Name}\n{ends.Site}\n{ends.PrimarySite}\n{step.Tenant}";
        if (!_lanes.TryGetValue(key, out var lane))
        {
            lane = new Lane(
                step.Kind == StepKind.Synchronize ? null : wave,
                host.Site,
                peer?.Site == host.Site ? null : peer?.Site,
                Group("link", LinkKey(ends), Spec!.Limits.Link, total),
                Group("tenant", step.Tenant, Spec.Limits.Tenant, total),
                PhaseOf(step.Kind));
            _lanes.Add(key, lane);
        }

        var added = new HostQueue(host, peer, lane);
        host.Queues.Add(queue, added);
        peer?.PeerQueues.Add(added);
    }

    // A drill uses its link in both directions.
    private string LinkKey(PlannedStep ends) => Spec!.PlannedDrill is not null && string.CompareOrdinal(ends.Site, ends.PrimarySite) > 0
        ? $"{ends.PrimarySite}\n{ends.Site}"
        : $"{ends.Site}\n{ends.PrimarySite}";

    private CampaignSite Site(string name, int limit, StateSnapshot? snapshot)
    {
        if (!_sitesByName.TryGetValue(name, out var site))
        {
            site = snapshot is null ? new CampaignSite() : snapshot.Sites[_sites.Count];
            site.Join(_sites.Count, name, limit);
            _sites.Add(site);
            _sitesByName.Add(name, site);
        }

        return site;
    }

    private LimitGroup Group(string kind, string key, Amount? limit, int total)
    {
        var name = $"{kind}\n{key}";
        if (!_groups.TryGetValue(name, out var group))
        {
            group = new LimitGroup(Allowed(limit, total));
            _groups.Add(name, group);
        }

        return group;
    }

    private static int Allowed(Amount? limit, int total) => limit?.Of(total, leastOfPercentage: 1) ?? int.MaxValue;
}
