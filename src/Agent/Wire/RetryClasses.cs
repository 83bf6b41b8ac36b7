using HostAgent.HyperV.Failback;
using Contract = HostAgent.Contracts.Failback.V1;

namespace HostAgent.Agent.Wire;

/// <summary>How a failure may be tried again, by its name in the contract: in outcomes and in the metadata of refusals.</summary>
internal static class RetryClasses
{
    /// <summary>The key in the metadata of a refusal.</summary>
    public const string Key = "retry_class";

    public static Contract.RetryClass Of(RetryClass retry)
        => retry == RetryClass.None ? Contract.RetryClass.Unspecified : Enum.Parse<Contract.RetryClass>(retry.ToString());

    /// <summary>For example <c>BackOff</c>.</summary>
    public static string NameOf(RetryClass retry) => Of(retry).ToString();
}
