namespace HostAgent.Coordinator.Store;

/// <summary>An act that is about to be recorded.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">Who: the subject of a certificate, or "coordinator".</param>
/// <param name="Source">From where: the caller's address; empty for the coordinator's own acts.</param>
/// <param name="Action">What: the method or event.</param>
/// <param name="Target">On what: a resource name.</param>
/// <param name="Result">OK, or the status code and reason of the refusal.</param>
/// <param name="Details">The facts of the act as JSON.</param>
internal sealed record AuditEntry(
    DateTimeOffset Time,
    string Actor,
    string Source,
    string Action,
    string Target,
    string Result,
    string Details);
