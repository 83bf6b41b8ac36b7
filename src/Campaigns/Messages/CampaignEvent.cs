using System.Text.Json.Serialization;

namespace HostAgent.Campaigns.Messages;

/// <summary>
/// A fact of a campaign. A campaign's state is the fold of its events and of nothing else. The names below are stored:
/// they never change, and neither does the meaning of a field; new facts get new events or new optional fields.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(BreakerClosed), "breaker-closed")]
[JsonDerivedType(typeof(BreakerHalfOpened), "breaker-half-opened")]
[JsonDerivedType(typeof(BreakerOpened), "breaker-opened")]
[JsonDerivedType(typeof(CampaignCreated), "campaign-created")]
[JsonDerivedType(typeof(CampaignEnded), "campaign-ended")]
[JsonDerivedType(typeof(CampaignPaused), "campaign-paused")]
[JsonDerivedType(typeof(CampaignPlanned), "campaign-planned")]
[JsonDerivedType(typeof(CampaignReopened), "campaign-reopened")]
[JsonDerivedType(typeof(CampaignResumed), "campaign-resumed")]
[JsonDerivedType(typeof(CampaignRevised), "campaign-revised")]
[JsonDerivedType(typeof(CampaignScheduled), "campaign-scheduled")]
[JsonDerivedType(typeof(CampaignStarted), "campaign-started")]
[JsonDerivedType(typeof(CampaignStopping), "campaign-stopping")]
[JsonDerivedType(typeof(EpochAdvanced), "epoch-advanced")]
[JsonDerivedType(typeof(HostFound), "host-found")]
[JsonDerivedType(typeof(HostLost), "host-lost")]
[JsonDerivedType(typeof(ItemAccepted), "item-accepted")]
[JsonDerivedType(typeof(ItemCancelRequested), "item-cancel-requested")]
[JsonDerivedType(typeof(ItemCancelled), "item-cancelled")]
[JsonDerivedType(typeof(ItemChecking), "item-checking")]
[JsonDerivedType(typeof(ItemClaimed), "item-claimed")]
[JsonDerivedType(typeof(ItemDue), "item-due")]
[JsonDerivedType(typeof(ItemFailed), "item-failed")]
[JsonDerivedType(typeof(ItemHeld), "item-held")]
[JsonDerivedType(typeof(ItemOutcomeUnknown), "item-outcome-unknown")]
[JsonDerivedType(typeof(ItemOverdue), "item-overdue")]
[JsonDerivedType(typeof(ItemProgressWentBack), "item-progress-went-back")]
[JsonDerivedType(typeof(ItemReadinessChecked), "item-readiness-checked")]
[JsonDerivedType(typeof(ItemReadinessExpired), "item-readiness-expired")]
[JsonDerivedType(typeof(ItemRecheckRequested), "item-recheck-requested")]
[JsonDerivedType(typeof(ItemRechecked), "item-rechecked")]
[JsonDerivedType(typeof(ItemRedelivered), "item-redelivered")]
[JsonDerivedType(typeof(ItemRecheckPostponed), "item-reread-postponed")]
[JsonDerivedType(typeof(ItemRecheckRepeated), "item-reread-repeated")]
[JsonDerivedType(typeof(ItemRechecking), "item-rereading")]
[JsonDerivedType(typeof(ItemResolved), "item-resolved")]
[JsonDerivedType(typeof(ItemRetryRequested), "item-retry-requested")]
[JsonDerivedType(typeof(ItemRetryScheduled), "item-retry-scheduled")]
[JsonDerivedType(typeof(ItemRunning), "item-running")]
[JsonDerivedType(typeof(ItemSkipped), "item-skipped")]
[JsonDerivedType(typeof(ItemStarting), "item-starting")]
[JsonDerivedType(typeof(ItemSucceeded), "item-succeeded")]
[JsonDerivedType(typeof(ItemUndelivered), "item-undelivered")]
[JsonDerivedType(typeof(ItemsPlanned), "items-planned")]
[JsonDerivedType(typeof(SiteBreakerClosed), "site-breaker-closed")]
[JsonDerivedType(typeof(SiteBreakerHalfOpened), "site-breaker-half-opened")]
[JsonDerivedType(typeof(SiteBreakerOpened), "site-breaker-opened")]
[JsonDerivedType(typeof(ToleranceBreached), "tolerance-breached")]
[JsonDerivedType(typeof(WaveApproved), "wave-approved")]
[JsonDerivedType(typeof(WaveDone), "wave-done")]
[JsonDerivedType(typeof(WaveReachedGate), "wave-reached-gate")]
[JsonDerivedType(typeof(WaveRejected), "wave-rejected")]
[JsonDerivedType(typeof(WaveReopened), "wave-reopened")]
[JsonDerivedType(typeof(WaveSoaked), "wave-soaked")]
[JsonDerivedType(typeof(WaveStarted), "wave-started")]
public abstract record CampaignEvent
{
    /// <summary>When it was decided, by the clock of the coordinator that did.</summary>
    public DateTimeOffset At { get; init; }
}
