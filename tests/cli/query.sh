# Mistakes of a query: their column, one sentence, exit 2. No library is needed to tell them.
for query in 'bse:x' 'kind:lara' 'base:ponny' '(a' 'a |' 'rank:64..16' 'added:7d' 'é foo:x' 'tag:"x'; do
	status lorarium list "$query"
done
status lorarium tag 'kind:lara' +x
status lorarium fit nothing.safetensors 'kind:lara'
