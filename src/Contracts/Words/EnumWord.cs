using System.Reflection;
using System.Text;
using Google.Protobuf.Reflection;

namespace HostAgent.Contracts.Words;

/// <summary>The word of a protobuf enum value as people write it: ITEM_STATE_RUNNING is RUNNING.</summary>
public static class EnumWord
{
    /// <summary>The value's name in the .proto file without the prefix of its type; its number when it has no name.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => Words<TEnum>.ByValue.TryGetValue(value, out var word) ? word : value.ToString("D");

    /// <summary>Every word of the type in the order of its numbers, without UNSPECIFIED.</summary>
    public static IReadOnlyList<string> All<TEnum>()
        where TEnum : struct, Enum
        => [.. Words<TEnum>.ByValue.OrderBy(entry => entry.Key).Skip(1).Select(entry => entry.Value)];

    /// <summary>The value of a word, without regard to case; null when there is none.</summary>
    public static TEnum? Parse<TEnum>(string word)
        where TEnum : struct, Enum
    {
        foreach (var (value, name) in Words<TEnum>.ByValue)
        {
            if (string.Equals(name, word, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    private static class Words<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> ByValue = Read();

        private static Dictionary<TEnum, string> Read()
        {
            var prefix = UpperSnake(typeof(TEnum).Name) + "_";
            return typeof(TEnum).GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(
                field => (TEnum)field.GetValue(null)!,
                field =>
                {
                    var name = field.GetCustomAttribute<OriginalNameAttribute>()?.Name ?? UpperSnake(field.Name);
                    return name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
                });
        }

        private static string UpperSnake(string name)
        {
            var text = new StringBuilder(name.Length + 4);
            foreach (var letter in name)
            {
                if (char.IsUpper(letter) && text.Length > 0)
                {
                    text.Append('_');
                }

                text.Append(char.ToUpperInvariant(letter));
            }

            return text.ToString();
        }
    }
}
