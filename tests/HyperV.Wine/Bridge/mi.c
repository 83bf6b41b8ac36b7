/*
 * A stand-in for Windows' mi.dll under Wine, which has none: the C interface of mi.h, as far as the product calls it, over the namespace
 * that the test program serves through SetConnectHook. Like Windows' own it is a client of IWbemServices.
 *
 * It does on purpose what Windows is documented or known to do, and what a careless caller would trip over:
 *   - codes of the transport come as Win32 numbers (1722), all others as HRESULTs, and 0x80010002 where the library itself ended a call;
 *   - rows do not flag their keys, the class has them as a qualifier; the instance in an event does;
 *   - an instance says its server's name as NULL or as an empty text;
 *   - an operation that was cancelled still has a last result, and to close it before that never returns;
 *   - a session with an open operation is not closed: without a callback the caller waits, with one it is told later;
 *   - an instance is overwritten when the next one is asked for.
 * What is alive, and what was done wrong, is counted.
 */
#define COBJMACROS
#define CINTERFACE
#include <initguid.h>
#include <windows.h>
#include <wbemcli.h>
#include <stdio.h>
#include <wchar.h>

enum { OK = 0, FAILED_ = 1, INVALID_PARAMETER = 4, NOT_FOUND = 6, NOT_SUPPORTED = 7 };
enum {
    BOOLEAN_, UINT8_, SINT8_, UINT16_, SINT16_, UINT32_, SINT32_, UINT64_, SINT64_, REAL32_, REAL64_, CHAR16_, DATETIME_, STRING_, REFERENCE_,
    INSTANCE_, ARRAY_
};
enum { FLAG_KEY = 1 << 12, FLAG_NULL = 1 << 29 };
enum { QUALIFIER_KEY = 1, QUALIFIER_IN = 2, QUALIFIER_OUT = 4 };
enum { RPC_CALL_CANCELED = (int)0x80010002, TYPE_MISMATCH = (int)0x80041005 };

typedef DWORD Result;
typedef struct Instance Instance;
typedef struct Class Class;
typedef struct Operation Operation;
typedef struct Session Session;

typedef struct {
    DWORD is_timestamp, year, month, day, hour, minute, second, microseconds;
    LONG utc;
} Datetime;

typedef union {
    BYTE u8;
    WORD u16;
    DWORD u32;
    ULONGLONG u64;
    float r32;
    double r64;
    Datetime datetime;
    WCHAR *string;
    Instance *instance;
    struct { void *data; DWORD size; } array;
} Value;

typedef struct {
    ULONGLONG word;
    void *object;
    const void *table;
} Handle;

typedef struct {
    WCHAR *name;
    DWORD type, flags;
    Value value;
} Element;

struct Instance {
    const void *table, *declaration;
    const WCHAR *server;
    const WCHAR *space;
    ptrdiff_t reserved[4];
    WCHAR *class_name;
    Element *elements;
    DWORD count;
};

typedef struct {
    WCHAR *name;
    Instance *parameters; /* flags: QUALIFIER_IN, QUALIFIER_OUT */
} Method;

struct Class {
    const void *table, *declaration;
    const WCHAR *space, *server;
    ptrdiff_t reserved[4];
    Instance *properties; /* flags: FLAG_KEY, told as a qualifier only */
    Method *methods;
    DWORD count;
};

typedef HRESULT (WINAPI *ConnectHook)(LPCWSTR resource, IWbemServices **services);

static ConnectHook connect_hook;

/* 0 instances, 1 classes, 2 operations, 3 sessions, 4 options */
static LONG alive[5];
static LONG violations;

void WINAPI SetConnectHook(ConnectHook hook)
{
    connect_hook = hook;
}

LONG WINAPI CountAlive(int kind)
{
    return InterlockedCompareExchange(&alive[kind], 0, 0);
}

/* Calls that Windows would have hung in or answered with garbage. */
LONG WINAPI CountViolations(void)
{
    return InterlockedCompareExchange(&violations, 0, 0);
}

static Result WINAPI never_called(void)
{
    InterlockedIncrement(&violations);
    return NOT_SUPPORTED;
}

static void *allocate(SIZE_T size)
{
    void *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size ? size : 1);
    if (!memory)
        ExitProcess(3);
    return memory;
}

static void release(void *memory)
{
    if (memory)
        HeapFree(GetProcessHeap(), 0, memory);
}

static WCHAR *copy_text(const WCHAR *text)
{
    WCHAR *copy = text ? allocate((lstrlenW(text) + 1) * sizeof(WCHAR)) : NULL;
    return copy ? lstrcpyW(copy, text) : NULL;
}

/* --- Instances ---------------------------------------------------------------------------------------------------------- */

static const void *const instance_table[18];

static Instance *new_instance(const WCHAR *class_name)
{
    Instance *instance = allocate(sizeof(Instance));
    instance->table = instance_table;
    instance->class_name = copy_text(class_name);
    InterlockedIncrement(&alive[0]);
    return instance;
}

static void delete_instance(Instance *instance);

static DWORD size_of(DWORD type)
{
    static const BYTE sizes[] = { 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 2, sizeof(Datetime), 8, 8, 8 };
    return sizes[type % ARRAY_];
}

static void free_value(DWORD type, Value *value)
{
    if (type >= ARRAY_) {
        for (DWORD i = 0; i < value->array.size; i++) {
            Value one = { 0 };
            memcpy(&one, (BYTE *)value->array.data + i * size_of(type), size_of(type));
            free_value(type - ARRAY_, &one);
        }
        release(value->array.data);
    } else if (type == STRING_) {
        release(value->string);
    } else if ((type == INSTANCE_ || type == REFERENCE_) && value->instance) {
        delete_instance(value->instance);
    }
}

static Instance *clone_instance(const Instance *source);

static Value copy_value(DWORD type, const Value *value)
{
    Value copy = *value;
    if (type >= ARRAY_) {
        copy.array.data = allocate(value->array.size * size_of(type));
        for (DWORD i = 0; i < value->array.size; i++) {
            Value one = { 0 };
            memcpy(&one, (BYTE *)value->array.data + i * size_of(type), size_of(type));
            one = copy_value(type - ARRAY_, &one);
            memcpy((BYTE *)copy.array.data + i * size_of(type), &one, size_of(type));
        }
    } else if (type == STRING_) {
        copy.string = copy_text(value->string);
    } else if ((type == INSTANCE_ || type == REFERENCE_) && value->instance) {
        copy.instance = clone_instance(value->instance);
    }
    return copy;
}

/* Takes over what the value points to. */
static void add_element(Instance *instance, const WCHAR *name, DWORD type, DWORD flags, const Value *value)
{
    Element *elements = allocate((instance->count + 1) * sizeof(Element));
    Element *added = &elements[instance->count];
    memcpy(elements, instance->elements, instance->count * sizeof(Element));
    release(instance->elements);
    instance->elements = elements;
    instance->count++;
    added->name = copy_text(name);
    added->type = type;
    added->flags = value ? flags : flags | FLAG_NULL;
    if (value)
        added->value = *value;
}

static Instance *clone_instance(const Instance *source)
{
    Instance *copy = new_instance(source->class_name);
    copy->server = copy_text(source->server);
    copy->space = copy_text(source->space);
    for (DWORD i = 0; i < source->count; i++) {
        const Element *element = &source->elements[i];
        Value value = copy_value(element->type, &element->value);
        add_element(copy, element->name, element->type, element->flags, element->flags & FLAG_NULL ? NULL : &value);
    }
    return copy;
}

static void delete_instance(Instance *instance)
{
    for (DWORD i = 0; i < instance->count; i++) {
        if (!(instance->elements[i].flags & FLAG_NULL))
            free_value(instance->elements[i].type, &instance->elements[i].value);
        release(instance->elements[i].name);
    }
    release(instance->elements);
    release(instance->class_name);
    release((void *)instance->server);
    release((void *)instance->space);
    memset(instance, 0xDD, sizeof(Instance)); /* whoever still reads it falls over */
    release(instance);
    InterlockedDecrement(&alive[0]);
}

static Element *find_element(const Instance *instance, const WCHAR *name)
{
    for (DWORD i = 0; i < instance->count; i++)
        if (!lstrcmpiW(instance->elements[i].name, name))
            return &instance->elements[i];
    return NULL;
}

static Result WINAPI instance_delete(Instance *self)
{
    delete_instance(self);
    return OK;
}

static Result WINAPI instance_class_name(const Instance *self, const WCHAR **name)
{
    *name = self->class_name;
    return OK;
}

static Result WINAPI instance_set_namespace(Instance *self, const WCHAR *space)
{
    release((void *)self->space);
    self->space = copy_text(space);
    return OK;
}

static Result WINAPI instance_get_namespace(const Instance *self, const WCHAR **space)
{
    *space = self->space;
    return OK;
}

static Result WINAPI instance_server_name(const Instance *self, const WCHAR **name)
{
    *name = self->server;
    return OK;
}

static Result WINAPI instance_count(const Instance *self, DWORD *count)
{
    *count = self->count;
    return OK;
}

static Result WINAPI instance_add(Instance *self, const WCHAR *name, const Value *value, DWORD type, DWORD flags)
{
    Value copy;
    if (find_element(self, name))
        return INVALID_PARAMETER;
    if (value)
        copy = copy_value(type, value);
    add_element(self, name, type, flags, value ? &copy : NULL);
    return OK;
}

static Result WINAPI instance_get_at(const Instance *self, DWORD index, const WCHAR **name, Value *value, DWORD *type, DWORD *flags)
{
    if (index >= self->count)
        return NOT_FOUND;
    *name = self->elements[index].name;
    *value = self->elements[index].value;
    *type = self->elements[index].type;
    *flags = self->elements[index].flags;
    return OK;
}

static Result WINAPI instance_get(const Instance *self, const WCHAR *name, Value *value, DWORD *type, DWORD *flags, DWORD *index)
{
    Element *element = find_element(self, name);
    const WCHAR *found;
    if (!element)
        return 12; /* MI_RESULT_NO_SUCH_PROPERTY */
    *index = element - self->elements;
    return instance_get_at(self, *index, &found, value, type, flags);
}

static const void *const instance_table[18] = {
    never_called, never_called, instance_delete, never_called, instance_class_name, instance_set_namespace, instance_get_namespace,
    instance_count, instance_add, never_called, never_called, instance_get, instance_get_at, never_called, never_called, instance_server_name,
    never_called, never_called,
};

/* --- Texts -------------------------------------------------------------------------------------------------------------- */

static DWORD digits(const WCHAR *text, int count)
{
    DWORD number = 0;
    while (count--)
        number = *text == '*' ? 0 : number * 10 + (*text - '0'), text++;
    return number;
}

static Datetime read_datetime(const WCHAR *text)
{
    Datetime time = { 0 };
    if (lstrlenW(text) != 25)
        return time;
    if (text[21] == ':') {
        time.year = digits(text, 8), time.month = digits(text + 8, 2), time.day = digits(text + 10, 2), time.hour = digits(text + 12, 2);
        time.minute = digits(text + 15, 6);
        return time;
    }
    time.is_timestamp = 1;
    time.year = digits(text, 4), time.month = digits(text + 4, 2), time.day = digits(text + 6, 2);
    time.hour = digits(text + 8, 2), time.minute = digits(text + 10, 2), time.second = digits(text + 12, 2);
    time.microseconds = digits(text + 15, 6);
    time.utc = (text[21] == '-' ? -1 : 1) * (LONG)digits(text + 22, 3);
    return time;
}

static BSTR write_datetime(const Datetime *time)
{
    WCHAR text[40];
    if (time->is_timestamp)
        swprintf(text, 40, L"%04lu%02lu%02lu%02lu%02lu%02lu.%06lu%c%03ld", time->year, time->month, time->day, time->hour, time->minute,
            time->second, time->microseconds, time->utc < 0 ? '-' : '+', labs(time->utc));
    else
        swprintf(text, 40, L"%08lu%02lu%02lu%02lu.%06lu:000", time->year, time->month, time->day, time->hour, time->minute);
    return SysAllocString(text);
}

/* A path as an instance that has its keys only: \\server\namespace:Class.Key="text",Other=1 */
static Instance *read_path(const WCHAR *text)
{
    const WCHAR *quote = wcschr(text, '"'), *colon = wcschr(text, ':'), *at = text;
    WCHAR *name = allocate((lstrlenW(text) + 1) * sizeof(WCHAR)), *buffer = allocate((lstrlenW(text) + 1) * sizeof(WCHAR));
    Instance *instance = new_instance(L"");
    if (colon && (!quote || colon < quote)) {
        if (text[0] == '\\' && text[1] == '\\' && wcschr(text + 2, '\\'))
            text = wcschr(text + 2, '\\') + 1;
        lstrcpynW(buffer, text, colon - text + 1);
        instance->space = copy_text(buffer);
        at = colon + 1;
    }
    lstrcpynW(buffer, at, wcscspn(at, L".") + 1);
    release(instance->class_name);
    instance->class_name = copy_text(buffer);
    at += wcscspn(at, L".");
    while (*at == '.' || *at == ',') {
        Value value = { 0 };
        DWORD length = 0;
        at++;
        lstrcpynW(name, at, wcscspn(at, L"=") + 1);
        at += wcscspn(at, L"=") + 1;
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++) {
                if (*at == '\\' && at[1])
                    at++;
                buffer[length++] = *at;
            }
            buffer[length] = 0;
            at += *at == '"';
            value.string = copy_text(buffer);
            add_element(instance, name, STRING_, 0, &value);
        } else {
            value.u64 = _wcstoui64(at, NULL, 10);
            at += wcscspn(at, L",");
            add_element(instance, name, SINT64_, 0, &value);
        }
    }
    release(name);
    release(buffer);
    return instance;
}

/* The other way round; without server and namespace for an object of the session. */
static BSTR write_path(const Instance *keys, BOOL with_namespace)
{
    SIZE_T size = 64 + lstrlenW(keys->class_name) + (keys->space ? lstrlenW(keys->space) : 0);
    WCHAR *text, *at;
    BSTR path;
    for (DWORD i = 0; i < keys->count; i++)
        size += lstrlenW(keys->elements[i].name) + 32 + (keys->elements[i].type == STRING_ ? 2 * lstrlenW(keys->elements[i].value.string) : 0);
    at = text = allocate(size * sizeof(WCHAR));
    if (with_namespace && keys->space)
        at += swprintf(at, size, L"%ls:", keys->space);
    at += swprintf(at, size, L"%ls", keys->class_name);
    for (DWORD i = 0; i < keys->count; i++) {
        const Element *key = &keys->elements[i];
        at += swprintf(at, size, L"%lc%ls=", i ? ',' : '.', key->name);
        if (key->type != STRING_) {
            at += swprintf(at, size, L"%llu", key->value.u64);
            continue;
        }
        *at++ = '"';
        for (const WCHAR *from = key->value.string; *from; from++) {
            if (*from == '"' || *from == '\\')
                *at++ = '\\';
            *at++ = *from;
        }
        *at++ = '"';
        *at = 0;
    }
    path = SysAllocString(text);
    release(text);
    return path;
}

/* --- From and to IWbemClassObject --------------------------------------------------------------------------------------- */

static DWORD type_of(CIMTYPE type)
{
    switch (type & ~CIM_FLAG_ARRAY) {
    case CIM_SINT16: return SINT16_;
    case CIM_SINT32: return SINT32_;
    case CIM_REAL32: return REAL32_;
    case CIM_REAL64: return REAL64_;
    case CIM_BOOLEAN: return BOOLEAN_;
    case CIM_OBJECT: return INSTANCE_;
    case CIM_SINT8: return SINT8_;
    case CIM_UINT8: return UINT8_;
    case CIM_UINT16: return UINT16_;
    case CIM_UINT32: return UINT32_;
    case CIM_SINT64: return SINT64_;
    case CIM_UINT64: return UINT64_;
    case CIM_DATETIME: return DATETIME_;
    case CIM_REFERENCE: return REFERENCE_;
    case CIM_CHAR16: return CHAR16_;
    default: return STRING_;
    }
}

static Instance *read_object(IWbemClassObject *object, BOOL flag_keys, const WCHAR *server);

static Value read_variant(DWORD type, VARIANT *variant, BOOL flag_keys, const WCHAR *server)
{
    Value value = { 0 };
    IWbemClassObject *object;
    switch (type) {
    case STRING_: value.string = copy_text(V_BSTR(variant)); break;
    case REFERENCE_: value.instance = read_path(V_BSTR(variant)); break;
    case DATETIME_: value.datetime = read_datetime(V_BSTR(variant)); break;
    case UINT64_: value.u64 = _wcstoui64(V_BSTR(variant), NULL, 10); break;
    case SINT64_: value.u64 = (ULONGLONG)_wcstoi64(V_BSTR(variant), NULL, 10); break;
    case BOOLEAN_: value.u8 = V_BOOL(variant) != VARIANT_FALSE; break;
    case REAL32_: value.r32 = V_R4(variant); break;
    case REAL64_: value.r64 = V_R8(variant); break;
    case UINT8_: value.u8 = V_UI1(variant); break;
    case SINT8_: value.u8 = (BYTE)V_I2(variant); break;
    case SINT16_: case CHAR16_: value.u16 = (WORD)V_I2(variant); break;
    case UINT16_: value.u16 = (WORD)V_I4(variant); break;
    case UINT32_: case SINT32_: value.u32 = (DWORD)V_I4(variant); break;
    case INSTANCE_:
        if (SUCCEEDED(IUnknown_QueryInterface(V_UNKNOWN(variant), &IID_IWbemClassObject, (void **)&object))) {
            value.instance = read_object(object, flag_keys, server);
            IWbemClassObject_Release(object);
        }
        break;
    }
    return value;
}

static Value read_array(DWORD type, VARIANT *variant, BOOL flag_keys, const WCHAR *server)
{
    Value value = { 0 };
    LONG last = -1;
    VARTYPE element = V_VT(variant) & ~VT_ARRAY;
    SafeArrayGetUBound(V_ARRAY(variant), 1, &last);
    value.array.size = last + 1;
    value.array.data = allocate(value.array.size * size_of(type));
    for (LONG i = 0; i <= last; i++) {
        VARIANT one;
        Value single;
        VariantInit(&one);
        SafeArrayGetElement(V_ARRAY(variant), &i, &V_I8(&one));
        V_VT(&one) = element;
        single = read_variant(type, &one, flag_keys, server);
        memcpy((BYTE *)value.array.data + i * size_of(type), &single, size_of(type));
        VariantClear(&one);
    }
    return value;
}

static BOOL is_among(SAFEARRAY *names, const WCHAR *name)
{
    LONG last = -1;
    BOOL found = FALSE;
    SafeArrayGetUBound(names, 1, &last);
    for (LONG i = 0; i <= last && !found; i++) {
        BSTR one;
        SafeArrayGetElement(names, &i, &one);
        found = !lstrcmpiW(one, name);
        SysFreeString(one);
    }
    return found;
}

static WCHAR *read_text(IWbemClassObject *object, const WCHAR *name)
{
    VARIANT value;
    WCHAR *text = NULL;
    VariantInit(&value);
    if (SUCCEEDED(IWbemClassObject_Get(object, name, 0, &value, NULL, NULL)) && V_VT(&value) == VT_BSTR)
        text = copy_text(V_BSTR(&value));
    VariantClear(&value);
    return text;
}

static Instance *read_object(IWbemClassObject *object, BOOL flag_keys, const WCHAR *server)
{
    WCHAR *class_name = read_text(object, L"__CLASS");
    Instance *instance = new_instance(class_name ? class_name : L"");
    SAFEARRAY *names = NULL, *keys = NULL;
    LONG last = -1;
    release(class_name);
    instance->space = read_text(object, L"__NAMESPACE");
    instance->server = copy_text(server);
    IWbemClassObject_GetNames(object, NULL, WBEM_FLAG_KEYS_ONLY, NULL, &keys);
    if (SUCCEEDED(IWbemClassObject_GetNames(object, NULL, WBEM_FLAG_NONSYSTEM_ONLY, NULL, &names)))
        SafeArrayGetUBound(names, 1, &last);
    for (LONG i = 0; i <= last; i++) {
        BSTR name;
        VARIANT variant;
        CIMTYPE type;
        SafeArrayGetElement(names, &i, &name);
        VariantInit(&variant);
        if (SUCCEEDED(IWbemClassObject_Get(object, name, 0, &variant, &type, NULL))) {
            DWORD flags = flag_keys && keys && is_among(keys, name) ? FLAG_KEY : 0, mi_type = type_of(type), whole = mi_type + (type & CIM_FLAG_ARRAY ? ARRAY_ : 0);
            if (V_VT(&variant) == VT_NULL || V_VT(&variant) == VT_EMPTY) {
                add_element(instance, name, whole, flags, NULL);
            } else {
                Value value = type & CIM_FLAG_ARRAY ? read_array(mi_type, &variant, flag_keys, server) : read_variant(mi_type, &variant, flag_keys, server);
                add_element(instance, name, whole, flags, &value);
            }
        }
        VariantClear(&variant);
        SysFreeString(name);
    }
    if (names)
        SafeArrayDestroy(names);
    if (keys)
        SafeArrayDestroy(keys);
    return instance;
}

static HRESULT write_variant(const Element *element, CIMTYPE declared, VARIANT *variant)
{
    WCHAR number[24];
    if (type_of(declared) + (declared & CIM_FLAG_ARRAY ? ARRAY_ : 0) != element->type)
        return TYPE_MISMATCH;
    switch (element->type) {
    case STRING_: V_VT(variant) = VT_BSTR, V_BSTR(variant) = SysAllocString(element->value.string); return S_OK;
    case REFERENCE_: V_VT(variant) = VT_BSTR, V_BSTR(variant) = write_path(element->value.instance, TRUE); return S_OK;
    case DATETIME_: V_VT(variant) = VT_BSTR, V_BSTR(variant) = write_datetime(&element->value.datetime); return S_OK;
    case UINT64_: case SINT64_:
        swprintf(number, 24, element->type == UINT64_ ? L"%llu" : L"%lld", element->value.u64);
        V_VT(variant) = VT_BSTR, V_BSTR(variant) = SysAllocString(number);
        return S_OK;
    case BOOLEAN_: V_VT(variant) = VT_BOOL, V_BOOL(variant) = element->value.u8 ? VARIANT_TRUE : VARIANT_FALSE; return S_OK;
    case UINT8_: V_VT(variant) = VT_UI1, V_UI1(variant) = element->value.u8; return S_OK;
    case UINT16_: V_VT(variant) = VT_I4, V_I4(variant) = element->value.u16; return S_OK;
    case UINT32_: case SINT32_: V_VT(variant) = VT_I4, V_I4(variant) = (LONG)element->value.u32; return S_OK;
    case STRING_ + ARRAY_:
        V_VT(variant) = VT_ARRAY | VT_BSTR, V_ARRAY(variant) = SafeArrayCreateVector(VT_BSTR, 0, element->value.array.size);
        for (LONG i = 0; i < (LONG)element->value.array.size; i++) {
            BSTR text = SysAllocString(((WCHAR **)element->value.array.data)[i]);
            SafeArrayPutElement(V_ARRAY(variant), &i, text);
            SysFreeString(text);
        }
        return S_OK;
    default: return TYPE_MISMATCH;
    }
}

/* --- Classes ------------------------------------------------------------------------------------------------------------ */

static Result WINAPI qualifier_get(const Handle *self, const WCHAR *name, DWORD *type, DWORD *flags, Value *value, DWORD *index)
{
    DWORD wanted = !lstrcmpiW(name, L"key") ? QUALIFIER_KEY : !lstrcmpiW(name, L"in") ? QUALIFIER_IN : !lstrcmpiW(name, L"out") ? QUALIFIER_OUT : 0;
    if (!(self->word & wanted))
        return NOT_FOUND;
    *type = BOOLEAN_, *flags = 0, *index = 0;
    value->u8 = 1;
    return OK;
}

static const void *const qualifier_table[3] = { never_called, never_called, qualifier_get };

static void set_qualifiers(Handle *handle, DWORD qualifiers)
{
    handle->word = qualifiers;
    handle->table = qualifier_table;
}

static Result WINAPI parameter_count(const Handle *self, DWORD *count)
{
    *count = ((Method *)self->object)->parameters->count;
    return OK;
}

static Result WINAPI parameter_at(const Handle *self, DWORD index, const WCHAR **name, DWORD *type, WCHAR **referenced, Handle *qualifiers)
{
    Instance *parameters = ((Method *)self->object)->parameters;
    if (index >= parameters->count)
        return NOT_FOUND;
    *name = parameters->elements[index].name;
    *type = parameters->elements[index].type;
    *referenced = NULL;
    set_qualifiers(qualifiers, parameters->elements[index].flags & ~FLAG_NULL);
    return OK;
}

static const void *const parameter_table[4] = { never_called, parameter_count, parameter_at, never_called };

static Result WINAPI class_count(const Class *self, DWORD *count)
{
    *count = self->properties->count;
    return OK;
}

static Result WINAPI class_element_at(
    const Class *self, DWORD index, const WCHAR **name, Value *value, BYTE *exists, DWORD *type, WCHAR **referenced, Handle *qualifiers, DWORD *flags)
{
    const Element *element;
    (void)value;
    if (index >= self->properties->count)
        return NOT_FOUND;
    element = &self->properties->elements[index];
    *name = element->name, *exists = 0, *type = element->type, *referenced = NULL, *flags = FLAG_NULL;
    set_qualifiers(qualifiers, element->flags & FLAG_KEY ? QUALIFIER_KEY : 0);
    return OK;
}

static Result WINAPI class_method_count(const Class *self, DWORD *count)
{
    *count = self->count;
    return OK;
}

static Result WINAPI class_method_at(const Class *self, DWORD index, const WCHAR **name, Handle *qualifiers, Handle *parameters)
{
    if (index >= self->count)
        return NOT_FOUND;
    *name = self->methods[index].name;
    set_qualifiers(qualifiers, 0);
    parameters->object = &self->methods[index];
    parameters->table = parameter_table;
    return OK;
}

static const void *const class_table[14] = {
    never_called, never_called, never_called, class_count, never_called, class_element_at, never_called, class_method_count, class_method_at,
    never_called, never_called, never_called, never_called, never_called,
};

static void add_parameters(Method *method, IWbemClassObject *signature, DWORD qualifier)
{
    Instance *declared = signature ? read_object(signature, FALSE, NULL) : NULL;
    for (DWORD i = 0; declared && i < declared->count; i++) {
        Element *known = find_element(method->parameters, declared->elements[i].name);
        if (known)
            known->flags |= qualifier;
        else if (lstrcmpiW(declared->elements[i].name, L"ReturnValue"))
            add_element(method->parameters, declared->elements[i].name, declared->elements[i].type, qualifier, NULL);
    }
    if (declared)
        delete_instance(declared);
}

static Class *read_class(IWbemClassObject *object)
{
    Class *class_object = allocate(sizeof(Class));
    BSTR name;
    IWbemClassObject *in, *out;
    class_object->table = class_table;
    class_object->properties = read_object(object, TRUE, NULL);
    if (SUCCEEDED(IWbemClassObject_BeginMethodEnumeration(object, 0))) {
        while (IWbemClassObject_NextMethod(object, 0, &name, &in, &out) == S_OK) {
            Method *methods = allocate((class_object->count + 1) * sizeof(Method)), *added = &methods[class_object->count];
            memcpy(methods, class_object->methods, class_object->count * sizeof(Method));
            release(class_object->methods);
            class_object->methods = methods;
            class_object->count++;
            added->name = copy_text(name);
            added->parameters = new_instance(L"");
            add_parameters(added, in, QUALIFIER_IN);
            add_parameters(added, out, QUALIFIER_OUT);
            SysFreeString(name);
            if (in)
                IWbemClassObject_Release(in);
            if (out)
                IWbemClassObject_Release(out);
        }
        IWbemClassObject_EndMethodEnumeration(object);
    }
    InterlockedIncrement(&alive[1]);
    return class_object;
}

static void delete_class(Class *class_object)
{
    for (DWORD i = 0; i < class_object->count; i++) {
        release(class_object->methods[i].name);
        delete_instance(class_object->methods[i].parameters);
    }
    release(class_object->methods);
    delete_instance(class_object->properties);
    memset(class_object, 0xDD, sizeof(Class));
    release(class_object);
    InterlockedDecrement(&alive[1]);
}

/* --- Sessions ----------------------------------------------------------------------------------------------------------- */

typedef struct Known {
    struct Known *next;
    WCHAR *name;
    IUnknown *object;
} Known;

struct Session {
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
    LONG users; /* the handle, open operations, and threads that still work for one */
    LONG open;
    Known *namespaces;
    Known *classes;
    void (WINAPI *closed)(void *context);
    void *context;
};

static void forget(Known *known)
{
    while (known) {
        Known *next = known->next;
        IUnknown_Release(known->object);
        release(known->name);
        release(known);
        known = next;
    }
}

static DWORD WINAPI finish_close(void *argument)
{
    Session *session = argument;
    void (WINAPI *closed)(void *) = session->closed;
    void *context = session->context;
    forget(session->namespaces);
    forget(session->classes);
    DeleteCriticalSection(&session->lock);
    release(session);
    InterlockedDecrement(&alive[3]);
    if (closed)
        closed(context);
    return 0;
}

static void leave_session(Session *session)
{
    if (InterlockedDecrement(&session->users) == 0)
        CloseHandle(CreateThread(NULL, 0, finish_close, session, 0, NULL));
}

static IUnknown *find_known(Session *session, Known **list, const WCHAR *name)
{
    IUnknown *object = NULL;
    EnterCriticalSection(&session->lock);
    for (Known *known = *list; known && !object; known = known->next)
        if (!lstrcmpiW(known->name, name))
            object = known->object;
    if (object)
        IUnknown_AddRef(object);
    LeaveCriticalSection(&session->lock);
    return object;
}

static void keep_known(Session *session, Known **list, const WCHAR *name, IUnknown *object)
{
    Known *known = allocate(sizeof(Known));
    known->name = copy_text(name);
    known->object = object;
    IUnknown_AddRef(object);
    EnterCriticalSection(&session->lock);
    known->next = *list;
    *list = known;
    LeaveCriticalSection(&session->lock);
}

static HRESULT connect_to(Session *session, const WCHAR *space, IWbemServices **services)
{
    WCHAR resource[300] = L"\\\\.\\";
    HRESULT result;
    *services = (IWbemServices *)find_known(session, &session->namespaces, space);
    if (*services)
        return S_OK;
    lstrcpynW(resource + 4, space, 290);
    result = connect_hook ? connect_hook(resource, services) : S_FALSE;
    if (result == S_FALSE)
        return WBEM_E_INVALID_NAMESPACE;
    if (SUCCEEDED(result))
        keep_known(session, &session->namespaces, space, (IUnknown *)*services);
    return result;
}

static HRESULT get_class_object(Session *session, IWbemServices *services, const WCHAR *name, IWbemClassObject **object)
{
    BSTR path;
    HRESULT result;
    *object = (IWbemClassObject *)find_known(session, &session->classes, name);
    if (*object)
        return S_OK;
    path = SysAllocString(name);
    result = IWbemServices_GetObject(services, path, 0, NULL, object, NULL);
    SysFreeString(path);
    if (SUCCEEDED(result))
        keep_known(session, &session->classes, name, (IUnknown *)*object);
    return result;
}

/* --- Operations --------------------------------------------------------------------------------------------------------- */

enum { GET, QUERY, INVOKE, SUBSCRIBE, GET_CLASS };

typedef struct Item {
    struct Item *next;
    Instance *instance;
    Class *class_object;
    BOOL last;
    HRESULT code;
    Instance *details;
} Item;

struct Operation {
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
    LONG users; /* the handle and the thread */
    Session *session;
    int kind;
    WCHAR *space, *class_name, *text;
    Instance *keys, *parameters;
    DWORD timeout;
    Item *first, **end;
    Item *current;
    BOOL cancelled, ended;
};

static void free_item(Item *item)
{
    if (!item)
        return;
    if (item->instance)
        delete_instance(item->instance);
    if (item->class_object)
        delete_class(item->class_object);
    if (item->details)
        delete_instance(item->details);
    release(item);
}

static void leave_operation(Operation *operation)
{
    Session *session = operation->session;
    if (InterlockedDecrement(&operation->users))
        return;
    free_item(operation->current);
    while (operation->first) {
        Item *next = operation->first->next;
        free_item(operation->first);
        operation->first = next;
    }
    release(operation->space);
    release(operation->class_name);
    release(operation->text);
    if (operation->keys)
        delete_instance(operation->keys);
    if (operation->parameters)
        delete_instance(operation->parameters);
    DeleteCriticalSection(&operation->lock);
    release(operation);
    InterlockedDecrement(&alive[2]);
    leave_session(session);
}

static BOOL is_cancelled(Operation *operation)
{
    BOOL cancelled;
    EnterCriticalSection(&operation->lock);
    cancelled = operation->cancelled;
    LeaveCriticalSection(&operation->lock);
    return cancelled;
}

static Item *new_item(Instance *instance, Class *class_object, BOOL last, HRESULT code)
{
    Item *item = allocate(sizeof(Item));
    item->instance = instance, item->class_object = class_object, item->last = last, item->code = code;
    return item;
}

static void push(Operation *operation, Item *item)
{
    EnterCriticalSection(&operation->lock);
    *operation->end = item;
    operation->end = &item->next;
    WakeAllConditionVariable(&operation->changed);
    LeaveCriticalSection(&operation->lock);
}

/* What comes between two rows is an error here, whether it is one for COM or not. */
static HRESULT push_rows(Operation *operation, IEnumWbemClassObject *rows)
{
    while (!is_cancelled(operation)) {
        IWbemClassObject *row;
        ULONG count = 0;
        HRESULT result = IEnumWbemClassObject_Next(rows, WBEM_INFINITE, 1, &row, &count);
        if (result != S_OK)
            return result == WBEM_S_FALSE ? S_OK : result;
        push(operation, new_item(read_object(row, FALSE, NULL), NULL, FALSE, S_OK));
        IWbemClassObject_Release(row);
    }
    return S_OK;
}

static HRESULT push_events(Operation *operation, IEnumWbemClassObject *events)
{
    while (!is_cancelled(operation)) {
        IWbemClassObject *event;
        ULONG count = 0;
        HRESULT result = IEnumWbemClassObject_Next(events, 100, 1, &event, &count);
        if (result == WBEM_S_TIMEDOUT)
            continue;
        if (result != S_OK)
            return result;
        push(operation, new_item(read_object(event, TRUE, L""), NULL, FALSE, S_OK));
        IWbemClassObject_Release(event);
    }
    return S_OK;
}

static HRESULT fill_inputs(const Instance *parameters, IWbemClassObject *inputs)
{
    for (DWORD i = 0; i < parameters->count; i++) {
        const Element *argument = &parameters->elements[i];
        CIMTYPE declared;
        VARIANT value;
        HRESULT result = inputs ? IWbemClassObject_Get(inputs, argument->name, 0, NULL, &declared, NULL) : WBEM_E_INVALID_METHOD_PARAMETERS;
        if (FAILED(result))
            return result == (HRESULT)WBEM_E_NOT_FOUND ? (HRESULT)WBEM_E_INVALID_METHOD_PARAMETERS : result;
        VariantInit(&value);
        result = write_variant(argument, declared, &value);
        if (SUCCEEDED(result))
            result = IWbemClassObject_Put(inputs, argument->name, 0, &value, 0);
        VariantClear(&value);
        if (FAILED(result))
            return result;
    }
    return S_OK;
}

static HRESULT invoke(Operation *operation, IWbemServices *services, Instance **outputs)
{
    IWbemClassObject *class_object = NULL, *signature = NULL, *inputs = NULL, *answer = NULL;
    BSTR path = operation->keys ? write_path(operation->keys, FALSE) : SysAllocString(operation->class_name), method = SysAllocString(operation->text);
    HRESULT result = get_class_object(operation->session, services, operation->class_name, &class_object);
    if (SUCCEEDED(result))
        result = IWbemClassObject_GetMethod(class_object, operation->text, 0, &signature, &answer);
    if (SUCCEEDED(result) && answer)
        IWbemClassObject_Release(answer), answer = NULL;
    if (SUCCEEDED(result) && signature)
        result = IWbemClassObject_SpawnInstance(signature, 0, &inputs);
    if (SUCCEEDED(result) && operation->parameters)
        result = fill_inputs(operation->parameters, inputs);
    if (SUCCEEDED(result))
        result = IWbemServices_ExecMethod(services, path, method, 0, NULL, inputs, &answer, NULL);
    if (SUCCEEDED(result) && answer)
        *outputs = read_object(answer, FALSE, NULL);
    if (answer)
        IWbemClassObject_Release(answer);
    if (inputs)
        IWbemClassObject_Release(inputs);
    if (signature)
        IWbemClassObject_Release(signature);
    if (class_object)
        IWbemClassObject_Release(class_object);
    SysFreeString(path);
    SysFreeString(method);
    return result;
}

static DWORD WINAPI work(void *argument)
{
    Operation *operation = argument;
    IWbemServices *services = NULL;
    IWbemClassObject *object = NULL;
    IEnumWbemClassObject *rows = NULL;
    Instance *instance = NULL;
    Class *class_object = NULL;
    BSTR text = operation->text ? SysAllocString(operation->text) : NULL, language = SysAllocString(L"WQL");
    HRESULT result = connect_to(operation->session, operation->space, &services);
    if (SUCCEEDED(result)) {
        switch (operation->kind) {
        case GET:
            SysFreeString(text);
            text = write_path(operation->keys, FALSE);
            result = IWbemServices_GetObject(services, text, 0, NULL, &object, NULL);
            if (SUCCEEDED(result))
                instance = read_object(object, FALSE, L"");
            break;
        case GET_CLASS:
            result = get_class_object(operation->session, services, operation->class_name, &object);
            if (SUCCEEDED(result))
                class_object = read_class(object);
            break;
        case QUERY:
            result = IWbemServices_ExecQuery(services, language, text, WBEM_FLAG_RETURN_IMMEDIATELY | WBEM_FLAG_FORWARD_ONLY, NULL, &rows);
            if (SUCCEEDED(result))
                result = push_rows(operation, rows);
            break;
        case SUBSCRIBE:
            result = IWbemServices_ExecNotificationQuery(services, language, text, WBEM_FLAG_RETURN_IMMEDIATELY | WBEM_FLAG_FORWARD_ONLY, NULL, &rows);
            if (SUCCEEDED(result))
                result = push_events(operation, rows);
            break;
        case INVOKE:
            result = invoke(operation, services, &instance);
            break;
        }
        IWbemServices_Release(services);
    }
    push(operation, new_item(instance, class_object, TRUE, result));
    if (object)
        IWbemClassObject_Release(object);
    if (rows)
        IEnumWbemClassObject_Release(rows);
    SysFreeString(text);
    SysFreeString(language);
    leave_operation(operation);
    return 0;
}

static Result result_of(HRESULT code)
{
    switch ((DWORD)code) {
    case S_OK: return OK;
    case 0x80041003: return 2;
    case 0x8004100E: return 3;
    case 0x80041008: return INVALID_PARAMETER;
    case 0x80041010: return 5;
    case 0x80041002: return NOT_FOUND;
    case 0x80041005: return 13;
    case 0x80041017: return 15;
    case 0x8004102E: return 17;
    default: return FAILED_;
    }
}

/* CIM_Error as Windows fills it in: the transport's codes are numbers of Win32. */
static Instance *details_of(HRESULT code)
{
    Instance *details = new_instance(L"MSFT_WmiError");
    BOOL is_win32 = ((DWORD)code & 0xFFFF0000) == 0x80070000;
    WCHAR text[40];
    Value value = { 0 };
    value.u32 = is_win32 ? (DWORD)code & 0xFFFF : (DWORD)code;
    add_element(details, L"error_Code", UINT32_, 0, &value);
    value.string = copy_text(is_win32 ? L"WIN32" : L"HRESULT");
    add_element(details, L"error_Type", STRING_, 0, &value);
    swprintf(text, 40, L"HRESULT 0x%08lx", (DWORD)code);
    value.string = copy_text(text);
    add_element(details, L"MessageID", STRING_, 0, &value);
    value.string = copy_text(text);
    add_element(details, L"Message", STRING_, 0, &value);
    return details;
}

/* Waits for the next result. The one before is gone then. */
static Result next_result(Handle *handle, BOOL *more, Result *result, const Instance **details, Item **item)
{
    Operation *operation = handle->object;
    DWORD began = GetTickCount();
    EnterCriticalSection(&operation->lock);
    if (operation->ended) {
        LeaveCriticalSection(&operation->lock);
        InterlockedIncrement(&violations);
        return INVALID_PARAMETER;
    }
    free_item(operation->current);
    operation->current = NULL;
    while (!operation->first && !operation->cancelled) {
        DWORD passed = GetTickCount() - began;
        if (operation->timeout == INFINITE)
            SleepConditionVariableCS(&operation->changed, &operation->lock, INFINITE);
        else if (passed >= operation->timeout)
            operation->cancelled = TRUE;
        else
            SleepConditionVariableCS(&operation->changed, &operation->lock, operation->timeout - passed);
    }
    if (operation->cancelled) {
        operation->current = new_item(NULL, NULL, TRUE, RPC_CALL_CANCELED);
    } else {
        operation->current = operation->first;
        operation->first = operation->first->next;
        if (!operation->first)
            operation->end = &operation->first;
    }
    operation->ended = operation->current->last;
    *item = operation->current;
    LeaveCriticalSection(&operation->lock);
    if ((*item)->code != S_OK)
        (*item)->details = details_of((*item)->code);
    *more = !(*item)->last;
    *result = result_of((*item)->code);
    *details = (*item)->details;
    return OK;
}

static Result WINAPI operation_get_instance(
    Handle *self, const Instance **instance, BYTE *more, Result *result, const WCHAR **message, const Instance **details)
{
    Item *item;
    BOOL has_more;
    Result asked = next_result(self, &has_more, result, details, &item);
    if (asked != OK)
        return asked;
    *instance = item->instance, *more = (BYTE)has_more, *message = NULL;
    return OK;
}

static Result WINAPI operation_get_indication(
    Handle *self, const Instance **instance, const WCHAR **bookmark, const WCHAR **machine, BYTE *more, Result *result, const WCHAR **message,
    const Instance **details)
{
    *bookmark = NULL, *machine = NULL;
    return operation_get_instance(self, instance, more, result, message, details);
}

static Result WINAPI operation_get_class(Handle *self, const Class **class_object, BYTE *more, Result *result, const WCHAR **message, const Instance **details)
{
    Item *item;
    BOOL has_more;
    Result asked = next_result(self, &has_more, result, details, &item);
    if (asked != OK)
        return asked;
    *class_object = item->class_object, *more = (BYTE)has_more, *message = NULL;
    return OK;
}

static Result WINAPI operation_cancel(Handle *self, int reason)
{
    Operation *operation = self->object;
    (void)reason;
    if (operation->kind == INVOKE)
        InterlockedIncrement(&violations); /* nothing ends a method in the host */
    EnterCriticalSection(&operation->lock);
    operation->cancelled = TRUE;
    WakeAllConditionVariable(&operation->changed);
    LeaveCriticalSection(&operation->lock);
    return OK;
}

static Result WINAPI operation_close(Handle *self)
{
    Operation *operation = self->object;
    Session *session = operation->session;
    EnterCriticalSection(&operation->lock);
    if (!operation->ended) {
        InterlockedIncrement(&violations);
        while (!operation->ended)
            SleepConditionVariableCS(&operation->changed, &operation->lock, INFINITE);
    }
    LeaveCriticalSection(&operation->lock);
    memset(self, 0, sizeof(Handle));
    EnterCriticalSection(&session->lock);
    session->open--;
    WakeAllConditionVariable(&session->changed);
    LeaveCriticalSection(&session->lock);
    leave_operation(operation);
    return OK;
}

static const void *const operation_table[6] = {
    operation_close, operation_cancel, never_called, operation_get_instance, operation_get_indication, operation_get_class,
};

static void start(
    Handle *session_handle, int kind, const Handle *options, const WCHAR *space, const WCHAR *class_name, const WCHAR *text, const Instance *keys,
    const Instance *parameters, const void *callbacks, Handle *handle)
{
    Session *session = session_handle->object;
    Operation *operation = allocate(sizeof(Operation));
    InitializeCriticalSection(&operation->lock);
    InitializeConditionVariable(&operation->changed);
    operation->users = 2;
    operation->session = session;
    operation->kind = kind;
    operation->space = copy_text(space);
    operation->class_name = copy_text(class_name);
    operation->text = copy_text(text);
    operation->keys = keys ? clone_instance(keys) : NULL;
    operation->parameters = parameters ? clone_instance(parameters) : NULL;
    operation->timeout = options && options->word ? (DWORD)options->word : INFINITE;
    operation->end = &operation->first;
    if (callbacks)
        InterlockedIncrement(&violations);
    InterlockedIncrement(&alive[2]);
    InterlockedIncrement(&session->users);
    EnterCriticalSection(&session->lock);
    session->open++;
    LeaveCriticalSection(&session->lock);
    handle->object = operation;
    handle->table = operation_table;
    CloseHandle(CreateThread(NULL, 0, work, operation, 0, NULL));
}

static void WINAPI session_get_instance(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const Instance *keys, void *callbacks, Handle *operation)
{
    (void)flags;
    start(self, GET, options, space, NULL, NULL, keys, NULL, callbacks, operation);
}

static void WINAPI session_invoke(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *class_name, const WCHAR *method, const Instance *target,
    const Instance *parameters, void *callbacks, Handle *operation)
{
    (void)flags;
    start(self, INVOKE, options, space, class_name, method, target, parameters, callbacks, operation);
}

static void WINAPI session_query(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *dialect, const WCHAR *query, void *callbacks, Handle *operation)
{
    (void)flags, (void)dialect;
    start(self, QUERY, options, space, NULL, query, NULL, NULL, callbacks, operation);
}

static void WINAPI session_subscribe(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *dialect, const WCHAR *query, const void *delivery, void *callbacks,
    Handle *operation)
{
    (void)flags, (void)dialect, (void)delivery;
    start(self, SUBSCRIBE, options, space, NULL, query, NULL, NULL, callbacks, operation);
}

static void WINAPI session_get_class(
    Handle *self, DWORD flags, Handle *options, const WCHAR *space, const WCHAR *class_name, void *callbacks, Handle *operation)
{
    (void)flags;
    start(self, GET_CLASS, options, space, class_name, NULL, NULL, NULL, callbacks, operation);
}

static Result WINAPI session_close(Handle *self, void *context, void (WINAPI *closed)(void *))
{
    Session *session = self->object;
    EnterCriticalSection(&session->lock);
    session->closed = closed;
    session->context = context;
    if (session->open)
        InterlockedIncrement(&violations);
    while (!closed && session->open)
        SleepConditionVariableCS(&session->changed, &session->lock, INFINITE);
    LeaveCriticalSection(&session->lock);
    leave_session(session);
    return OK;
}

static const void *const session_table[15] = {
    session_close, never_called, session_get_instance, never_called, never_called, never_called, session_invoke, never_called, session_query,
    never_called, never_called, session_subscribe, session_get_class, never_called, never_called,
};

/* --- Options and the application ---------------------------------------------------------------------------------------- */

static void WINAPI options_delete(Handle *self)
{
    memset(self, 0, sizeof(Handle));
    InterlockedDecrement(&alive[4]);
}

static Result WINAPI options_set_interval(Handle *self, const WCHAR *name, const DWORD *interval, DWORD flags)
{
    (void)flags;
    if (lstrcmpW(name, L"__MI_OPERATIONOPTIONS_TIMEOUT"))
        return INVALID_PARAMETER;
    self->word = (((interval[0] * 24ull + interval[1]) * 60 + interval[2]) * 60 + interval[3]) * 1000 + interval[4] / 1000;
    return OK;
}

static const void *const options_table[13] = {
    options_delete, never_called, never_called, never_called, never_called, never_called, never_called, never_called, never_called, never_called,
    never_called, options_set_interval, never_called,
};

static Result WINAPI application_new_session(
    Handle *self, const WCHAR *protocol, const WCHAR *destination, void *options, void *callbacks, Instance **error, Handle *handle)
{
    Session *session = allocate(sizeof(Session));
    (void)self, (void)protocol, (void)destination, (void)options, (void)callbacks, (void)error;
    InitializeCriticalSection(&session->lock);
    InitializeConditionVariable(&session->changed);
    session->users = 1;
    InterlockedIncrement(&alive[3]);
    handle->object = session;
    handle->table = session_table;
    return OK;
}

static Result WINAPI application_new_instance(Handle *self, const WCHAR *class_name, const void *declaration, Instance **instance)
{
    (void)self, (void)declaration;
    *instance = new_instance(class_name);
    return OK;
}

static Result WINAPI application_new_options(Handle *self, BYTE must_understand, Handle *options)
{
    (void)self, (void)must_understand;
    memset(options, 0, sizeof(Handle));
    options->table = options_table;
    InterlockedIncrement(&alive[4]);
    return OK;
}

static const void *const application_table[11] = {
    never_called, application_new_session, never_called, application_new_instance, never_called, application_new_options, never_called,
    never_called, never_called, never_called, never_called,
};

Result MI_Application_InitializeV1(DWORD flags, const WCHAR *id, Instance **error, Handle *application)
{
    (void)flags, (void)id, (void)error;
    application->table = application_table;
    return OK;
}
