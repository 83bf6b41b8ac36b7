using System.Text.Json;

namespace HostAgent.Coordinator.Wire;

/// <summary>State names in UPPER_SNAKE_CASE, as everywhere in the product: UnknownOutcome is UNKNOWN_OUTCOME.</summary>
internal static class UpperSnake
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}
