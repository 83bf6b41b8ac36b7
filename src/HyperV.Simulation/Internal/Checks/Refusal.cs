using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Internal.Checks;

/// <summary>Why a call is not accepted.</summary>
/// <param name="Code">The return code.</param>
/// <param name="Reason">What was seen, for the log.</param>
/// <param name="ErrorCode">The HRESULT thrown instead of returning the code; null for the plain return code.</param>
internal sealed record Refusal(ReturnCode Code, string Reason, uint? ErrorCode = null);
