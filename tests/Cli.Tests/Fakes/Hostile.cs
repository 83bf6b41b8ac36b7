using System.Collections;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>Messages whose every text holds characters that must never reach a terminal.</summary>
internal static class Hostile
{
    /// <summary>A name that ends lines, turns their direction, moves the cursor and hides characters.</summary>
    public const string Text = "sql\u200B-01\u202Elqs\u2066\n\r\u2028fake\u2029\u0085line\u001B[2J\u009B31m\u0007\u007F\uFEFF\u00AD\uFFFF\U000E0041 größe 😀";

    /// <summary>Fills every field of a message: texts with <see cref="Text"/> and some that are drawn, lists with two of each.</summary>
    public static T Fill<T>(Random random, int depth = 0)
        where T : IMessage<T>, new()
    {
        var message = new T();
        Fill(message, random, depth);
        return message;
    }

    /// <summary>Whether a text has nothing in it that cannot be seen, but for the ends of its lines.</summary>
    public static bool IsClean(string text) => text.EnumerateRunes().All(rune => rune.Value == '\n' || HostAgent.Texts.VisibleText.IsVisible(rune));

    private static void Fill(IMessage message, Random random, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsMap)
            {
                var map = (IDictionary)field.Accessor.GetValue(message);
                if (field.MessageType.FindFieldByNumber(2).FieldType == FieldType.String)
                {
                    map[Word(random)] = Word(random);
                }
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var count = 0; count < 2 && Value(field, random, depth) is { } value; count++)
                {
                    list.Add(value);
                }
            }
            else if (Value(field, random, depth) is { } value)
            {
                field.Accessor.SetValue(message, value);
            }
        }
    }

    private static object? Value(FieldDescriptor field, Random random, int depth) => field.FieldType switch
    {
        FieldType.String => Word(random),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Int32 => random.Next(1, 100),
        FieldType.Int64 => (long)random.Next(1, 100),
        FieldType.Double => 1.5,
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number),
        FieldType.Bytes => ByteString.CopyFrom(1, 2, 3),
        FieldType.Message when field.MessageType == Timestamp.Descriptor => Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero)),
        FieldType.Message when field.MessageType == Duration.Descriptor => Duration.FromTimeSpan(TimeSpan.FromMinutes(random.Next(1, 100))),
        FieldType.Message when depth < 5 => Inner(field.MessageType, random, depth),
        _ => null,
    };

    private static IMessage Inner(MessageDescriptor type, Random random, int depth)
    {
        var inner = (IMessage)Activator.CreateInstance(type.ClrType)!;
        Fill(inner, random, depth + 1);
        return inner;
    }

    private static string Word(Random random)
    {
        var word = new StringBuilder(Text);
        for (var count = 0; count < 8; count++)
        {
            if (Rune.TryCreate(random.Next(0x11_0000), out var rune))
            {
                word.Append(rune);
            }
        }

        return word.ToString();
    }
}
