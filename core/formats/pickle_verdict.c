// SPDX-License-Identifier: MIT
#include "core/formats/pickle_verdict.h"

#define CALLED (PICKLE_MAY_NAME | PICKLE_MAY_CALL)
#define BUILT (CALLED | PICKLE_MAY_BUILD)

/* Words stand between blanks; `suffix` goes after each name. */
static const struct {
	const char *modules, *names, *suffix;
	unsigned uses;
} harmless[] = {
	{ "collections", "OrderedDict", "", BUILT },
	{ "collections", "Counter", "", CALLED },
	{ "torch", "Tensor", "", BUILT },
	{ "torch", "Size device", "", CALLED },
	{ "torch torch.cuda",
	  "Double Float Half BFloat16 Long Int Short Char Byte Bool ComplexFloat ComplexDouble "
	  "QInt8 QUInt8 QInt32 QUInt4x2 QUInt2x4",
	  "Storage", CALLED },
	{ "torch torch.cuda torch.sparse torch.cuda.sparse",
	  "Double Float Half BFloat16 Long Int Short Char Byte Bool", "Tensor", BUILT },
	{ "torch.storage", "Typed Untyped", "Storage", CALLED },
	{ "torch",
	  "float32 float float64 double float16 half bfloat16 uint8 int8 int16 short int32 int "
	  "int64 long complex32 chalf complex64 cfloat complex128 cdouble bool quint8 qint8 qint32 "
	  "quint4x2 quint2x4 bits1x8 bits2x4 bits4x2 bits8 bits16 uint16 uint32 uint64 uint1 uint2 "
	  "uint3 uint4 uint5 uint6 uint7 int1 int2 int3 int4 int5 int6 int7 float8_e5m2 "
	  "float8_e4m3fn float8_e5m2fnuz float8_e4m3fnuz float8_e8m0fnu float4_e2m1fn_x2",
	  "", PICKLE_MAY_NAME },
	{ "torch",
	  "per_tensor_affine per_tensor_symmetric per_channel_affine per_channel_symmetric "
	  "per_channel_affine_float_qparams",
	  "", PICKLE_MAY_NAME },
	{ "torch._utils",
	  "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter "
	  "_rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor "
	  "_rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass "
	  "_rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor",
	  "", BUILT },
	{ "torch._tensor", "_rebuild_from_type_v2", "", BUILT },
	{ "torch.nn.parameter", "Parameter", "", BUILT },
	{ "torch.serialization", "_get_layout", "", CALLED },
	{ "_codecs", "encode", "", CALLED },
	{ "builtins __builtin__", "set bytearray complex", "", CALLED },
	{ "numpy", "dtype ndarray", "", BUILT },
	{ "numpy.core.multiarray numpy._core.multiarray", "_reconstruct", "", BUILT },
};

unsigned pickle_verdict_uses(struct str module, struct str name)
{
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
		struct str stem = name;
		if (str_is_listed(harmless[i].modules, module) &&
		    str_cut_suffix(&stem, str_from(harmless[i].suffix)) &&
		    str_is_listed(harmless[i].names, stem))
			return harmless[i].uses;
	}
	return 0;
}

/** NULL when the value is no global. */
static struct pickle_global *global_of(struct pickle_findings *findings,
				       const struct pickle_heap *heap, uint32_t value)
{
	const struct pickle_value *global = pickle_at(heap, value);
	return global->kind == PICKLE_GLOBAL ? findings->globals[global->last] : NULL;
}

static bool is_global(const struct pickle_global *global, const char *module, const char *name)
{
	return str_equal(global->module, str_from(module)) &&
	       str_equal(global->name, str_from(name));
}

/** Bytes are written as text in the old protocols; any other codec may run code of its own. */
static bool is_latin1(const struct pickle_heap *heap, uint32_t args)
{
	struct str text = pickle_text(heap, pickle_member(heap, args, 0));
	struct str codec = pickle_text(heap, pickle_member(heap, args, 1));
	return text.ptr && (str_equal(codec, STR("latin1")) || str_equal(codec, STR("latin-1")));
}

/** It calls its first argument with its third; the second is the class that comes out. */
static void judge_typed(struct pickle_findings *findings, const struct pickle_heap *heap,
			uint32_t args)
{
	uint32_t type = pickle_member(heap, args, 1), callable = pickle_member(heap, args, 0);
	struct pickle_global *class = global_of(findings, heap, type);
	struct pickle_global *called = global_of(findings, heap, callable);
	if (!class || !called) {
		findings->hides_call = true;
		return;
	}
	called->is_called = true;
	called->is_misused |= !(called->uses & PICKLE_MAY_CALL) ||
			      is_global(called, "torch._tensor", "_rebuild_from_type_v2");
	class->is_misused |= !(class->uses & PICKLE_MAY_CALL);
}

void pickle_verdict_call(struct pickle_findings *findings, const struct pickle_heap *heap,
			 uint32_t callable, uint32_t args)
{
	struct pickle_global *global = global_of(findings, heap, callable);
	if (!global) {
		findings->hides_call = true;
		return;
	}
	global->is_called = true;
	if (!(global->uses & PICKLE_MAY_CALL))
		global->is_misused = true;
	else if (is_global(global, "_codecs", "encode"))
		global->is_misused |= !is_latin1(heap, args);
	else if (is_global(global, "torch._tensor", "_rebuild_from_type_v2"))
		judge_typed(findings, heap, args);
}

/** The global whose call made a value; NULL when there is none. */
static struct pickle_global *maker_of(struct pickle_findings *findings,
				      const struct pickle_heap *heap, uint32_t value)
{
	const struct pickle_value *object = pickle_at(heap, value);
	return object->kind == PICKLE_OBJECT ? global_of(findings, heap, object->callable) : NULL;
}

/** A class or module itself would be changed, and whatever uses it later; see the published
 * attack that puts its own object in the place of sys. */
static bool judge_global(struct pickle_findings *findings, const struct pickle_heap *heap,
			 uint32_t value)
{
	struct pickle_global *global = global_of(findings, heap, value);
	if (global)
		global->is_misused = true;
	return global != NULL;
}

void pickle_verdict_build(struct pickle_findings *findings, const struct pickle_heap *heap,
			  uint32_t value)
{
	if (judge_global(findings, heap, value))
		return;
	struct pickle_global *maker = maker_of(findings, heap, value);
	if (maker)
		maker->is_misused |= !(maker->uses & PICKLE_MAY_BUILD);
	else
		findings->hides_call = true;
}

void pickle_verdict_fill(struct pickle_findings *findings, const struct pickle_heap *heap,
			 uint32_t value)
{
	switch ((enum pickle_kind)pickle_at(heap, value)->kind) {
	case PICKLE_UNKNOWN:
	case PICKLE_PERSID: findings->hides_call = true; break;
	case PICKLE_GLOBAL: judge_global(findings, heap, value); break;
	case PICKLE_OBJECT: /* a method of its class is called: its maker is judged already */
	case PICKLE_NONE:
	case PICKLE_BOOL:
	case PICKLE_INT:
	case PICKLE_BIG:
	case PICKLE_FLOAT:
	case PICKLE_STR:
	case PICKLE_BYTES:
	case PICKLE_TUPLE:
	case PICKLE_LIST:
	case PICKLE_DICT:
	case PICKLE_SET: break;
	}
}
